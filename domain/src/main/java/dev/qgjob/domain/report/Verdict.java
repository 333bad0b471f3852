package dev.qgjob.domain.report;

import dev.qgjob.domain.job.JobState;
import java.util.List;

/** The verdict of several jobs together. */
public final class Verdict {
  /** A run that could not tell is worse than one that failed: nobody may take it for an answer. */
  private static final List<JobState> WORST_FIRST =
      List.of(JobState.ERROR, JobState.FAILED, JobState.CANCELLED, JobState.PASSED);

  private Verdict() {}

  /**
   * RUNNING while any job is open and one has begun, QUEUED while none has, else the worst. Skipped
   * jobs count for nothing beside others; where all were skipped nothing was tested, and that is an
   * ERROR.
   */
  public static JobState ofRun(List<JobState> jobs) {
    if (jobs.stream().allMatch(s -> s == JobState.QUEUED)) {
      return JobState.QUEUED;
    }
    if (!jobs.stream().allMatch(JobState::isVerdict)) {
      return JobState.RUNNING;
    }
    return WORST_FIRST.stream().filter(jobs::contains).findFirst().orElse(JobState.ERROR);
  }
}
