package dev.qgjob.domain.placement;

import java.time.Duration;

/** How long something that runs will still run. */
public final class Remaining {
  private Remaining() {}

  /**
   * What is overdue is expected to run on for as long as it has run: run times have heavy tails
   * (most take a moment, a few a hundred times as long), so the longer one has run, the longer it
   * will. An overdue slot is so always later than one of the same work that is not.
   *
   * @param expected how long it was expected to run in all
   * @param elapsed how long it has run
   */
  public static Duration of(Duration expected, Duration elapsed) {
    Duration left = expected.minus(elapsed);
    return left.isNegative() || left.isZero() ? elapsed : left;
  }

  /**
   * A slot that runs several jobs one after the other, of which one has begun: whatever that one
   * does, the others take their time.
   *
   * @param setUp what comes before the first; zero where it is done
   * @param tests how long all of them were expected to run
   * @param jobs how many they are, from 1
   * @param elapsed since the one that runs began
   */
  public static Duration of(Duration setUp, Duration tests, int jobs, Duration elapsed) {
    Duration one = tests.dividedBy(jobs);
    return tests.minus(one).plus(of(setUp.plus(one), elapsed));
  }
}
