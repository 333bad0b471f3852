package dev.qgjob.domain.placement;

import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decisions of one tick as they are kept.
 *
 * @param board what they were taken on; null where only the decisions were kept
 */
public record Decided(Instant at, Target target, List<Taken> decisions, @Nullable Board board) {
  public Decided {
    decisions = List.copyOf(decisions);
  }

  /** What was decided on this board. */
  public static Decided of(Board board, List<Decision> decisions, boolean withBoard) {
    return new Decided(
        board.now(),
        board.target(),
        decisions.stream().map(Taken::of).toList(),
        withBoard ? board : null);
  }

  /** How a job is sent. */
  public enum How {
    /** On the target's shared queue. */
    SHARED,
    /** To one slot. */
    HANDED,
    /** From the slot where it waited to another. */
    REDIRECTED
  }

  /**
   * One decision.
   *
   * @param slotId null where the broker chooses
   */
  public record Taken(
      How how,
      String jobId,
      long generation,
      String orgId,
      String appVersionId,
      int build,
      @Nullable String slotId) {
    static Taken of(Decision decision) {
      Job job = decision.job();
      How how = How.SHARED;
      String slotId = null;
      if (decision instanceof Decision.HandOff handOff) {
        how = How.HANDED;
        slotId = handOff.slotId();
      } else if (decision instanceof Decision.Redirect redirect) {
        how = How.REDIRECTED;
        slotId = redirect.slotId();
      }
      return new Taken(
          how,
          job.id(),
          job.generation(),
          job.group().orgId(),
          job.group().appVersionId(),
          job.group().build(),
          slotId);
    }
  }
}
