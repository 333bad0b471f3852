package dev.qgjob.domain.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job was queued again under a new generation.
 *
 * @param generation the new one
 * @param slotId where the job was: the slot that ran it, else the one that last reported or was
 *     sent its message; null if there was none
 * @param shared the old generation's message went over the target's shared queue
 * @param at when, by the database's clock
 */
public record Requeue(
    String jobId,
    long generation,
    Reason reason,
    @Nullable String slotId,
    boolean shared,
    Instant at) {
  /** Why. */
  public enum Reason {
    /** its attempt ended and it is tried again */
    RETRY,
    /** its lease ran out, or its worker ended */
    LEASE_LOST,
    /** its lease ran out, and that cannot have been the job's doing */
    INTERRUPTED,
    /** no live slot reported its message */
    MESSAGE_LOST,
    /** placement sent it elsewhere */
    MOVED
  }

  /** What is to be noted of a job that an event has queued again. */
  public static Requeue of(Job before, Job after, JobEvent event, Instant now) {
    Release release = before.release();
    return new Requeue(
        after.id(),
        after.generation(),
        reason(event),
        slot(before.lease(), release),
        release != null && release.slotId() == null,
        now);
  }

  private static Reason reason(JobEvent event) {
    if (event instanceof JobEvent.LeaseLost) {
      return Reason.LEASE_LOST;
    }
    if (event instanceof JobEvent.Interrupted) {
      return Reason.INTERRUPTED;
    }
    if (event instanceof JobEvent.MessageLost) {
      return Reason.MESSAGE_LOST;
    }
    return event instanceof JobEvent.Moved || event instanceof JobEvent.Transferred
        ? Reason.MOVED
        : Reason.RETRY;
  }

  private static @Nullable String slot(@Nullable Lease lease, @Nullable Release release) {
    if (lease != null) {
      return lease.slotId();
    }
    if (release == null) {
      return null;
    }
    return release.notedSlotId() != null ? release.notedSlotId() : release.slotId();
  }
}
