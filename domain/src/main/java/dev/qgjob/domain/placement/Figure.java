package dev.qgjob.domain.placement;

import java.time.Duration;

/**
 * How long something takes, as measured: a moving average that no single outlier carries away, with
 * the mean distance from it.
 *
 * @param spread mean absolute distance of what was measured from the average at the time
 * @param count how many were measured, from 1
 */
public record Figure(Duration mean, Duration spread, long count) {
  /**
   * Part of the newest in the averages; the first few have equal parts, else the first had most.
   */
  static final double NEWEST = BoardStore.NEWEST_WEIGHT;

  /** Once {@value #SURE} were measured, one counts as this many times the average at most. */
  static final int OUTLIER = 4;

  static final int SURE = 3;

  /** Mean absolute distances from the mean up to the 90th percentile of a normal distribution. */
  private static final double P90 = 1.6;

  public Figure {
    if (mean.isNegative() || spread.isNegative() || count < 1) {
      throw new IllegalArgumentException(mean + " ± " + spread + " of " + count);
    }
  }

  /** What is known after the first: it may be wrong by half. */
  public static Figure first(Duration measured) {
    Duration sane = measured.isNegative() ? Duration.ZERO : measured;
    return new Figure(sane, sane.dividedBy(2), 1);
  }

  /** With one more; a negative one counts as none at all. */
  public Figure and(Duration measured) {
    if (measured.isNegative()) {
      return this;
    }
    Duration most = mean.multipliedBy(OUTLIER);
    boolean outlier = count >= SURE && !mean.isZero() && measured.compareTo(most) > 0;
    Duration counted = outlier ? most : measured;
    long now = Math.addExact(count, 1);
    double part = Math.max(NEWEST, 1.0 / now);
    return new Figure(
        mixed(mean, counted, part), mixed(spread, counted.minus(mean).abs(), part), now);
  }

  /** Nine of ten take no longer. */
  public Duration high() {
    return mean.plus(Duration.ofMillis(Math.round(spread.toMillis() * P90)));
  }

  private static Duration mixed(Duration old, Duration latest, double part) {
    return Duration.ofMillis(Math.round(old.toMillis() * (1 - part) + latest.toMillis() * part));
  }
}
