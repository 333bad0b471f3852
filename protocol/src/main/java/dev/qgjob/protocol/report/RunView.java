package dev.qgjob.protocol.report;

import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.Wire;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of one submission.
 *
 * @param state queued, running, or the run's verdict: error before failed before cancelled before
 *     passed
 * @param installs app installs made for its jobs so far
 * @param stockInstalls app installs that stock AppWright would have made for the same tests
 * @param savedS seconds that the installs would have taken that were not made, by the measured time
 *     of one: the run's own, else the build's, else the app's on that target, else 30 s; null while
 *     nothing has ended
 * @param labels what its submitter labelled it with
 */
public record RunView(
    String runId,
    String orgId,
    String appVersionId,
    int build,
    @Nullable String name,
    JobState state,
    boolean flaky,
    int installs,
    int stockInstalls,
    @Nullable Long savedS,
    Instant createdAt,
    @Nullable Instant finishedAt,
    List<JobView> jobs,
    Map<String, String> labels) {
  public RunView {
    jobs = Wire.orEmpty(jobs);
    labels = Wire.orEmpty(labels);
  }

  /** The same run with its jobs as they are now. */
  public RunView with(List<JobView> now) {
    return new RunView(
        runId,
        orgId,
        appVersionId,
        build,
        name,
        state,
        flaky,
        installs,
        stockInstalls,
        savedS,
        createdAt,
        finishedAt,
        now,
        labels);
  }
}
