package dev.qgjob.protocol.report;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.Part;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.Wire;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One spec file on one target.
 *
 * @param build number of the app version's build that it is bound to
 * @param part of the spec's tests that it is about; absent: all
 * @param target where it waits, runs or ran
 * @param flaky passed, but needed more than one attempt
 * @param waitingFor what keeps a queued job from running, in one line, or null
 */
public record JobView(
    String jobId,
    String runId,
    String orgId,
    String appVersionId,
    int build,
    String testPath,
    @Nullable Part part,
    String project,
    int priority,
    Target target,
    JobState state,
    boolean flaky,
    @Nullable FailureKind failureKind,
    @Nullable String message,
    int attempt,
    @Nullable String slotId,
    @Nullable String waitingFor,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    List<AttemptView> attempts) {
  public JobView {
    attempts = Wire.orEmpty(attempts);
  }

  /** The spec, with its part where it was divided. */
  public String title() {
    return part == null ? testPath : testPath + " (" + part + ")";
  }
}
