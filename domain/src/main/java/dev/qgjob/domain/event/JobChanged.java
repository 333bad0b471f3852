package dev.qgjob.domain.event;

import dev.qgjob.domain.job.FailureKind;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Lease;
import org.jspecify.annotations.Nullable;

/**
 * A job as it was after a change.
 *
 * @param slotId where it runs, or null
 */
public record JobChanged(
    String orgId,
    String runId,
    String jobId,
    long generation,
    JobState state,
    int attempt,
    @Nullable String slotId,
    boolean flaky,
    @Nullable FailureKind failureKind,
    @Nullable String message) {

  /** The job as it is. */
  public static JobChanged of(Job job) {
    Lease lease = job.lease();
    return new JobChanged(
        job.group().orgId(),
        job.runId(),
        job.id(),
        job.generation(),
        job.state(),
        job.attempt(),
        lease == null ? null : lease.slotId(),
        job.flaky(),
        job.failureKind(),
        job.message());
  }

  /** Whether this is news to one who knows {@code known} of the same job. */
  public boolean isAfter(@Nullable JobChanged known) {
    return known == null
        || generation > known.generation
        || (generation == known.generation && rank() > known.rank());
  }

  /** Within a generation a job waits, then runs, then has its verdict. */
  private int rank() {
    return switch (state) {
      case QUEUED -> 0;
      case RUNNING -> 1;
      case PASSED, FAILED, ERROR, CANCELLED, SKIPPED -> 2;
    };
  }
}
