package dev.qgjob.domain.report;

import dev.qgjob.domain.job.JobState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A run with its jobs and their attempts, as of one moment. */
public record RunReport(Run run, List<JobReport> jobs) {
  public RunReport {
    jobs = List.copyOf(jobs);
  }

  /** QUEUED, RUNNING, or the worst verdict: error, failed, cancelled, passed. */
  public JobState state() {
    return Verdict.ofRun(jobs.stream().map(j -> j.job().state()).toList());
  }

  /** Passed, but a job of it needed more than one attempt. */
  public boolean flaky() {
    return state() == JobState.PASSED && jobs.stream().anyMatch(j -> j.job().flaky());
  }

  /** App installs made for its jobs so far. */
  public int installs() {
    return jobs.stream()
        .flatMap(j -> j.attempts().stream())
        .mapToInt(a -> a.report().installs())
        .sum();
  }

  /** App installs that stock AppWright would have made for the same tests. */
  public int stockInstalls() {
    return jobs.stream()
        .flatMap(j -> j.attempts().stream())
        .mapToInt(a -> a.report().stockInstalls())
        .sum();
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
