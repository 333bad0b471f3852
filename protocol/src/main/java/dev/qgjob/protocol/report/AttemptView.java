package dev.qgjob.protocol.report;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.Wire;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a job.
 *
 * @param outcome the state it left behind: passed, failed, error, cancelled; running while it runs
 * @param installs app installs that this attempt made on its slot
 * @param stockInstalls app installs that stock AppWright would have made for it
 */
public record AttemptView(
    int number,
    @Nullable String slotId,
    JobState outcome,
    @Nullable FailureKind failureKind,
    @Nullable String message,
    Instant startedAt,
    @Nullable Instant finishedAt,
    int installs,
    int stockInstalls,
    List<TestResult> tests,
    List<ArtefactView> artefacts) {
  public AttemptView {
    tests = Wire.orEmpty(tests);
    artefacts = Wire.orEmpty(artefacts);
  }
}
