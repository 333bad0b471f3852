package dev.qgjob.lab.faults.check;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the database holds at the end; all times are by its own clock. */
public record Rows(
    List<Job> jobs, List<Attempt> attempts, List<Result> results, List<Requeue> requeues) {
  public Rows {
    jobs = List.copyOf(jobs);
    attempts = List.copyOf(attempts);
    results = List.copyOf(results);
    requeues = List.copyOf(requeues);
  }

  /**
   * A job.
   *
   * @param released generation that was sent last; 0 for none
   * @param leased whether somebody holds its lease
   */
  public record Job(
      String id,
      String runId,
      String key,
      String testPath,
      String state,
      long generation,
      int attempt,
      long released,
      boolean leased) {}

  /** The beginning of an attempt. */
  public record Attempt(
      String jobId, int number, long generation, String token, String slot, Instant startedAt) {}

  /**
   * The end of an attempt.
   *
   * @param leaseUntil the lease's end, as it stood when the attempt ended
   */
  public record Result(
      String jobId,
      int number,
      String outcome,
      String message,
      Instant finishedAt,
      @Nullable Instant leaseUntil) {}

  /**
   * A job got a new generation.
   *
   * @param generation the new one
   * @param slot where the old one was last seen, or was sent to
   * @param shared the old one was sent over the queue that all slots share
   */
  public record Requeue(
      String jobId,
      long generation,
      String reason,
      @Nullable String slot,
      boolean shared,
      Instant at) {
    /** For whatever reason it ran out. */
    boolean lostItsLease() {
      return reason.equals("LEASE_LOST") || reason.equals("INTERRUPTED");
    }
  }
}
