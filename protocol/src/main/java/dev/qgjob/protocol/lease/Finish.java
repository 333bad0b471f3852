package dev.qgjob.protocol.lease;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of an attempt.
 *
 * @param outcome passed, failed, error, cancelled or skipped
 * @param failureKind whose fault, of failed and error
 * @param message one line, or null
 * @param installs app installs made on the slot for this attempt
 * @param stockInstalls app installs that stock AppWright would have made
 * @param setUpMs milliseconds to make the slot hold the app
 * @param runMs milliseconds that the spec ran
 * @param hostEvent true: the slot's host lost several at once, and what broke meanwhile is not to
 *     count against the job
 */
public record Finish(
    long generation,
    String token,
    JobState outcome,
    @Nullable FailureKind failureKind,
    @Nullable String message,
    int installs,
    int stockInstalls,
    long setUpMs,
    long runMs,
    List<TestResult> tests,
    @Nullable Boolean hostEvent) {
  public Finish {
    tests = Wire.orEmpty(tests);
  }
}
