package dev.qgjob.domain.job;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What came of an event: the next job and what is to be done, or a refusal. */
public sealed interface Transition {
  /** The job moves. {@code ended} is the attempt's result to be recorded, where one ended. */
  record Next(Job job, Optional<EndedAttempt> ended) implements Transition {}

  /** Nothing moves. */
  record Refused(Refusal why) implements Transition {}

  /** The result of an attempt, recorded once. */
  record EndedAttempt(int number, Ending ending, @Nullable Lease lease) {}

  /** Why an event has no effect. */
  enum Refusal {
    /** another generation is current: the message or report is of the past */
    STALE,
    /** somebody holds the lease already */
    TAKEN,
    /** the lease is not held under this token, or ran out */
    FENCED,
    /** the job has its verdict */
    ENDED,
    /** there is nothing of the kind to lose or move */
    NOTHING_TO_DO
  }
}
