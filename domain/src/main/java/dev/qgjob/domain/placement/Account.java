package dev.qgjob.domain.placement;

import java.util.Comparator;
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

  private final Board.Share share;
  private int busy;
  private double served;
  private double horizon;

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

  /** Seconds until all its waiting work could have ended on its fair part of the slots. */
  double horizon() {
    return horizon;
  }

  void endsAt(double seconds) {
    horizon = seconds;
  }

  boolean capped() {
    return busy >= share.cap();
  }

  void charge(double seconds) {
    served += seconds;
  }

  void oneMore() {
    busy++;
  }

  static double seconds(java.time.Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
