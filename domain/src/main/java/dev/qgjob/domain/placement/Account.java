package dev.qgjob.domain.placement;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * An org while the decisions are taken: start-time fair queueing (Goyal, Vin and Cheng 1996). Its
 * tag is the slot time it has been given divided by its weight; who has the smallest tag is next,
 * and pays for what it gets, installs included.
 */
final class Account {
  /** The fairest org first; among equals the one whose next group comes first. */
  static final Comparator<Account> FAIREST =
      Comparator.comparingDouble(Account::tag)
          .thenComparing(a -> a.asking.peek(), Comparator.nullsLast(Queue.ORDER));

  /** Its groups that may take an idle slot, the first one first. */
  final PriorityQueue<Queue> asking = new PriorityQueue<>(Queue.ORDER);

  /** All its groups. */
  final List<Queue> queues = new ArrayList<>();

  private final Board.Share share;
  private int busy;
  private double served;

  /**
   * @param busy jobs of the org that run or are released
   * @param using seconds that these stand for where nobody keeps account
   */
  Account(Board.Share share, int busy, double using) {
    this.share = share;
    this.busy = busy;
    this.served = share.served() == null ? using : seconds(share.served());
  }

  /** Seconds served per weight. */
  double tag() {
    return share.weight() > 0 ? served / share.weight() : Double.MAX_VALUE;
  }

  /** The tag that it will have after so many seconds more. */
  double tagAfter(double seconds) {
    return share.weight() > 0 ? (served + seconds) / share.weight() : Double.MAX_VALUE;
  }

  double weight() {
    return share.weight();
  }

  boolean capped() {
    return busy >= share.cap() || share.spent();
  }

  /** Slots that it could use at once, with so many jobs of it waiting. */
  double most(int waiting) {
    return share.spent() ? busy : Math.min(share.cap(), (double) busy + waiting);
  }

  void charge(double seconds) {
    served += seconds;
  }

  void oneMore() {
    busy++;
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
