package dev.qgjob.domain.report;

import dev.qgjob.domain.job.JobState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A run with its jobs and their attempts, as of one moment.
 *
 * @param savings what its attempts so far installed, and what they did not have to
 */
public record RunReport(Run run, List<JobReport> jobs, Savings savings) {
  public RunReport {
    jobs = List.copyOf(jobs);
  }

  /** A run whose jobs have all their attempts with them. */
  public RunReport(Run run, List<JobReport> jobs) {
    this(run, jobs, Savings.of(jobs.stream().flatMap(j -> j.attempts().stream()).toList()));
  }

  /** QUEUED, RUNNING, or the worst verdict: error, failed, cancelled, passed. */
  public JobState state() {
    return Verdict.ofRun(jobs.stream().map(j -> j.job().state()).toList());
  }

  /** Passed, but a job of it needed more than one attempt. */
  public boolean flaky() {
    return state() == JobState.PASSED && jobs.stream().anyMatch(j -> j.job().flaky());
  }

  /** When the last job got its verdict, or empty while one is open. */
  public Optional<Instant> finishedAt() {
    return state().isVerdict()
        ? jobs.stream()
            .flatMap(j -> Optional.ofNullable(j.job().finishedAt()).stream())
            .max(Comparator.naturalOrder())
        : Optional.empty();
  }
}
