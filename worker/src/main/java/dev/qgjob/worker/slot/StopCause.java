package dev.qgjob.worker.slot;

/** Why a running job was stopped; it decides what is reported. */
public enum StopCause {
  /** The server wants it: a person cancelled, or the job moved on. Reported as cancelled. */
  ASKED,
  /** The worker is ending. Reported as an infrastructure failure, so that it is tried elsewhere. */
  WORKER_ENDS,
  /** The phone is gone. Reported as a failure of the target. */
  SLOT_GONE,
  /**
   * It made no progress for long. Its run says whose failure that is; where it does not, it is
   * reported as the infrastructure's.
   */
  NO_PROGRESS,
  /** The right to run it cannot be proven any more. Nothing is reported. */
  LEASE_LOST
}
