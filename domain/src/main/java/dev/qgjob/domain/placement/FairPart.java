package dev.qgjob.domain.placement;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * How many slots an org may count on beside others: its weighted max-min fair share, found by
 * filling up (Bertsekas and Gallager, Data Networks, 1992, 6.5.2). Who cannot use its part leaves
 * it to the others; who has weight 0 has what the others leave.
 */
final class FairPart {
  private FairPart() {}

  /**
   * Another org that wants slots.
   *
   * @param most how many it could use
   */
  record Taker(double weight, double most) {
    private Taker equal() {
      return new Taker(1, most);
    }

    private double level() {
      return most / weight;
    }
  }

  /** Of so many slots, for one that could use them all. */
  static double of(double weight, Collection<Taker> others, double slots) {
    List<Taker> weighty = others.stream().filter(taker -> taker.weight() > 0).toList();
    if (weight > 0) {
      return left(weight, weighty, slots);
    }
    List<Taker> equals =
        others.stream().filter(taker -> taker.weight() == 0).map(Taker::equal).toList();
    return left(1, equals, left(0, weighty, slots));
  }

  /** What these leave to one of this weight. */
  private static double left(double weight, List<Taker> takers, double slots) {
    double weights = weight + takers.stream().mapToDouble(Taker::weight).sum();
    double left = slots;
    for (Taker taker : takers.stream().sorted(Comparator.comparingDouble(Taker::level)).toList()) {
      left -= Math.min(taker.most(), left * taker.weight() / weights);
      weights -= taker.weight();
    }
    return left;
  }
}
