package dev.qgjob.worker.appwright;

import java.time.Duration;

/**
 * How long a run may take where the job itself does not say.
 *
 * @param begin from the start of Playwright to its first test, and between the tests of two specs
 * @param grace beyond the job's timeout, for Playwright to report a test's own timeout
 * @param session for Appium to open a session
 */
public record RunLimits(Duration begin, Duration grace, Duration session) {
  /** Long enough for a slow host. */
  public static final RunLimits USUAL =
      new RunLimits(Duration.ofMinutes(2), Duration.ofSeconds(15), Duration.ofMinutes(2));
}
