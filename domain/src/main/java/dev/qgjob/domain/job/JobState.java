package dev.qgjob.domain.job;

import java.util.EnumSet;
import java.util.Set;

/** Where a job stands, and where it may go from there. */
public enum JobState {
  QUEUED,
  RUNNING,
  PASSED,
  FAILED,
  ERROR,
  CANCELLED,
  /** nothing of its spec is among the tests that were asked for */
  SKIPPED;

  /** The legal moves; QUEUED to QUEUED is a new dispatch under the next generation. */
  public Set<JobState> next() {
    return switch (this) {
      case QUEUED -> EnumSet.of(QUEUED, RUNNING, CANCELLED, ERROR);
      case RUNNING -> EnumSet.of(QUEUED, PASSED, FAILED, ERROR, CANCELLED, SKIPPED);
      case PASSED, FAILED, ERROR, CANCELLED, SKIPPED -> EnumSet.noneOf(JobState.class);
    };
  }

  /** True for a verdict: nothing follows it. */
  public boolean isVerdict() {
    return switch (this) {
      case QUEUED, RUNNING -> false;
      case PASSED, FAILED, ERROR, CANCELLED, SKIPPED -> true;
    };
  }
}
