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
 * @param stateLeak true: its tests failed with the app's data cleared and passed on a new install,
 *     here or before; it is run on new installs. Absent: nothing of that is known
 * @param doubtedSlots where its tests failed though they passed on another slot; absent: nowhere
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
    List<AttemptView> attempts,
    @Nullable Boolean stateLeak,
    @Nullable List<String> doubtedSlots) {
  public JobView {
    attempts = Wire.orEmpty(attempts);
    doubtedSlots = doubtedSlots == null ? null : List.copyOf(doubtedSlots);
  }

  /** One whose attempts do not disagree. */
  public JobView(
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
    this(
        jobId,
        runId,
        orgId,
        appVersionId,
        build,
        testPath,
        part,
        project,
        priority,
        target,
        state,
        flaky,
        failureKind,
        message,
        attempt,
        slotId,
        waitingFor,
        createdAt,
        startedAt,
        finishedAt,
        attempts,
        null,
        null);
  }

  /** The spec, with its part where it was divided. */
  public String title() {
    return part == null ? testPath : testPath + " (" + part + ")";
  }
}
