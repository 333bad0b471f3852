package dev.qgjob.domain.placement;

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
   * @param workLeft P in seconds: run time of what waits
   * @param slots k: slots that work on the group, from 1
   * @param setUp s in seconds: time until the further slot is ready; zero where it holds the build
   */
  public static double gainSeconds(double workLeft, int slots, double setUp) {
    if (slots < 1) {
      throw new IllegalArgumentException("slots " + slots);
    }
    return (workLeft - slots * setUp) / ((double) slots * (slots + 1));
  }
}
