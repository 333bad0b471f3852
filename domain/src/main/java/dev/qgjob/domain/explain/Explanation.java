package dev.qgjob.domain.explain;

import dev.qgjob.domain.job.Job;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why a job is where it is, as of one moment.
 *
 * @param kind what holds it up now
 * @param line the same in one line, with what and until about when
 * @param remedy what would let it go on
 * @param position its place among the waiting jobs of its group, from 1; 0 where it does not wait
 * @param waiting how many jobs of its group wait
 * @param outlook when it is expected to start and finish; null where nobody can say
 */
public record Explanation(
    Job job,
    Kind kind,
    String line,
    String remedy,
    int position,
    int waiting,
    @Nullable Outlook outlook) {
  /** What can hold a job up. The first that holds is the one that binds. */
  public enum Kind {
    /** It has its verdict. */
    ENDED,
    RUNNING,
    /** The infrastructure broke it, and it is not to be tried again yet. */
    BACKING_OFF,
    NO_LIVE_SLOT,
    NO_SLOT_AS_WISHED,
    ORG_CAP,
    TARGET_CAP,
    /** Its org has used its minutes of the target for this month. */
    MINUTES_SPENT,
    /** It was sent to a slot that is at work. */
    AT_BUSY_SLOT,
    /** It was sent, and the slot has yet to take it. */
    SENT,
    /** Others use all that there is of something that it uses as well. */
    RESOURCE,
    /** It broke before, and is kept apart from others that did. */
    KEPT_APART,
    BEHIND_ITS_GROUP,
    /** It is next, and its build is being installed. */
    INSTALLING,
    ALL_SLOTS_BUSY,
    /** Idle slots are kept for others, or for a moment. */
    SLOTS_KEPT,
    NEXT
  }

  /**
   * When it is expected to start and finish: as likely earlier as later (p50), and nine times of
   * ten not later (p90), as long as nothing more urgent is submitted.
   */
  public record Outlook(Instant startP50, Instant startP90, Instant finishP50, Instant finishP90) {}
}
