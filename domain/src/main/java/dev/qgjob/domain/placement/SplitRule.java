package dev.qgjob.domain.placement;

import java.time.Duration;

/**
 * When it pays to install a build on one more slot.
 *
 * <p>With work P left on k slots the group ends after P/k. One more slot that first sets up for s
 * ends it after (P + s)/(k + 1); the difference is (P − k·s)/(k(k + 1)), positive iff P > k·s.
 */
public final class SplitRule {
  private SplitRule() {}

  /**
   * Seconds that the group ends earlier; zero or less: do not split.
   *
   * @param workLeft P: run time of what waits
   * @param slots k: slots that work on the group, from 1
   * @param setUp s: time until the further slot is ready; zero where it holds the build
   */
  public static double gainSeconds(Duration workLeft, int slots, Duration setUp) {
    if (slots < 1) {
      throw new IllegalArgumentException("slots " + slots);
    }
    double p = workLeft.toMillis() / 1000.0;
    double s = setUp.toMillis() / 1000.0;
    return (p - slots * s) / ((double) slots * (slots + 1));
  }
}
