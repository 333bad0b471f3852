package dev.qgjob.domain.job;

/** What can happen to a job. */
public sealed interface JobEvent {
  /** A slot asks for the job under a generation. */
  record Claimed(long generation, Lease lease) implements JobEvent {}

  /**
   * The holder of a lease reports the end of its attempt.
   *
   * @param hostEvent the host lost several slots at once: if the attempt broke, it is not counted
   */
  record Finished(long generation, String token, Ending ending, boolean hostEvent)
      implements JobEvent {
    public Finished(long generation, String token, Ending ending) {
      this(generation, token, ending, false);
    }
  }

  /** The lease ran out, or its worker ended; {@code reason} is one line. */
  record LeaseLost(long generation, String reason) implements JobEvent {}

  /**
   * The lease ran out while no server could be told of it, or while its worker went on: the job
   * killed nobody, and the attempt is not counted against it; {@code reason} is one line.
   */
  record Interrupted(long generation, String reason) implements JobEvent {}

  /**
   * The worker whose lease was lost before this generation is heard again, in the same incarnation:
   * the job did not kill it, and the lost lease counts against it no more.
   */
  record Acquitted(long generation) implements JobEvent {}

  /** No live slot reports the message of this generation, or its slot is gone. */
  record MessageLost(long generation) implements JobEvent {}

  /** Placement sends the job elsewhere before it started. */
  record Moved(long generation) implements JobEvent {}

  /** Another of the targets that its run allows can start it sooner; it was not sent yet. */
  record Transferred(long generation, Target to) implements JobEvent {}

  /** Somebody wants it no more. */
  record Cancelled(String by) implements JobEvent {}
}
