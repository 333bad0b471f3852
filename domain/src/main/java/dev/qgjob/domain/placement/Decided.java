package dev.qgjob.domain.placement;

import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Transfers.Others;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The decisions of one tick as they are kept, with what they were taken on.
 *
 * @param decisions what placement decided, then which jobs of other targets go on to this one
 * @param keptApart jobs of these decisions that were left to the next tick, since another target's
 *     might have brought them together with others that broke
 * @param board what they were taken on; null where only the decisions were kept
 * @param others what the transfers were decided on besides; null where there were none, or no board
 *     was kept
 */
public record Decided(
    Instant at,
    Target target,
    List<Taken> decisions,
    Set<String> keptApart,
    @Nullable Board board,
    @Nullable Others others) {
  public Decided {
    decisions = List.copyOf(decisions);
    keptApart = keptApart == null ? Set.of() : Set.copyOf(keptApart); // older lines have none
  }

  /** What placement decided on this board, where no job came from another target. */
  public static Decided of(Board board, List<Decision> decisions, Set<String> keptApart) {
    return of(board, decisions, keptApart, List.of(), null);
  }

  /**
   * What was decided on this board.
   *
   * @param transferred jobs that go on to its target
   */
  public static Decided of(
      Board board,
      List<Decision> decisions,
      Set<String> keptApart,
      List<Job> transferred,
      @Nullable Others others) {
    List<Taken> taken = new ArrayList<>();
    decisions.forEach(decision -> taken.add(Taken.of(decision)));
    transferred.forEach(job -> taken.add(Taken.transferred(job)));
    return new Decided(
        board.now(),
        board.target(),
        taken,
        keptApart,
        board,
        transferred.isEmpty() ? null : others);
  }

  /** The decisions alone: a fraction of the bytes. */
  public Decided alone() {
    return new Decided(at, target, decisions, keptApart, null, null);
  }

  /**
   * What the placement of today decides on the same.
   *
   * @throws IllegalStateException where no board was kept
   */
  public Decided again() {
    if (board == null) {
      throw new IllegalStateException("no board was kept of " + at);
    }
    List<Decision> decided = Placement.decide(board);
    List<Decision> done =
        decided.stream().filter(decision -> !keptApart.contains(decision.job().id())).toList();
    List<Job> transferred = others == null ? List.of() : Transfers.into(board, done, others);
    return of(board, decided, keptApart, transferred, others);
  }

  /** What becomes of a job. */
  public enum How {
    /** On the target's shared queue. */
    SHARED,
    /** To one slot. */
    HANDED,
    /** From the slot where it waited to another. */
    REDIRECTED,
    /** From the target where it waited to this one, whose next tick sends it. */
    TRANSFERRED
  }

  /**
   * One decision.
   *
   * @param slotId null where the broker chooses, or a later tick
   * @param from the target that it left; null where it stays
   */
  public record Taken(
      How how,
      String jobId,
      long generation,
      String orgId,
      String appVersionId,
      int build,
      @Nullable String slotId,
      @Nullable Target from) {
    static Taken of(Decision decision) {
      How how = How.SHARED;
      String slotId = null;
      if (decision instanceof Decision.HandOff handOff) {
        how = How.HANDED;
        slotId = handOff.slotId();
      } else if (decision instanceof Decision.Redirect redirect) {
        how = How.REDIRECTED;
        slotId = redirect.slotId();
      }
      return of(how, decision.job(), slotId, null);
    }

    static Taken transferred(Job job) {
      return of(How.TRANSFERRED, job, null, job.group().target());
    }

    private static Taken of(How how, Job job, @Nullable String slotId, @Nullable Target from) {
      return new Taken(
          how,
          job.id(),
          job.generation(),
          job.group().orgId(),
          job.group().appVersionId(),
          job.group().build(),
          slotId,
          from);
    }
  }
}
