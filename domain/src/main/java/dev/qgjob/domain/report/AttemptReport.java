package dev.qgjob.domain.report;

import java.time.Duration;
import java.util.List;

/**
 * What a worker tells of an attempt besides its ending.
 *
 * @param installs app installs made on the slot
 * @param stockInstalls app installs that stock AppWright would have made
 */
public record AttemptReport(
    int installs, int stockInstalls, Duration setUp, Duration run, List<TestResult> tests) {
  /** An attempt of which nothing was heard. */
  public static final AttemptReport NONE =
      new AttemptReport(0, 0, Duration.ZERO, Duration.ZERO, List.of());

  public AttemptReport {
    tests = List.copyOf(tests);
  }
}
