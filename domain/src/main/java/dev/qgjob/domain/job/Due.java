package dev.qgjob.domain.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;

/**
 * When a job's turn is: a step of priority is worth {@link #STEP} of waiting. That moment never
 * changes, so what was submitted later by more than its priority is worth comes later, and nothing
 * waits for ever however much of higher priority keeps coming.
 */
public final class Due {
  /** What a step of priority is worth. */
  public static final Duration STEP = Duration.ofMinutes(30);

  /** Which of a group's jobs goes first: what was interrupted, and then what is due first. */
  public static final Comparator<Job> ORDER =
      Comparator.comparing((Job job) -> !job.interrupted())
          .thenComparing(Due::of)
          .thenComparing(Job::id);

  private Due() {}

  /** When a job of no priority as urgent as this one was submitted. */
  public static Instant of(Job job) {
    return job.createdAt().minus(STEP.multipliedBy(job.priority()));
  }
}
