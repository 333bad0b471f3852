package dev.qgjob.domain.placement;

import java.time.Duration;

/** How long something that runs will still run. */
public final class Remaining {
  /** What runs longer than was expected is expected to run on for this part of its time so far. */
  static final int OVERDUE = 4;

  private Remaining() {}

  /**
   * @param expected how long it was expected to run in all
   * @param elapsed how long it has run
   */
  public static Duration of(Duration expected, Duration elapsed) {
    Duration left = expected.minus(elapsed);
    return left.isNegative() || left.isZero() ? elapsed.dividedBy(OVERDUE) : left;
  }
}
