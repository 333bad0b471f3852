package dev.qgjob.domain.placement;

import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a tick sees of one target: aggregates and heads of groups, never all jobs.
 *
 * @param now the store's clock
 * @param suspects workers where, on whichever target, a job that broke before runs or was handed
 *     to; may be left empty while no waiting job broke before
 */
public record Board(
    Target target,
    Instant now,
    List<WaitingGroup> groups,
    List<SlotLoad> slots,
    Set<String> suspects) {
  public Board {
    groups = List.copyOf(groups);
    slots = List.copyOf(slots);
    suspects = Set.copyOf(suspects);
  }

  /**
   * The waiting jobs of one group.
   *
   * @param orgRunning jobs of the same org that run or are released on this target
   * @param home the slot that last claimed from it, or null
   * @param pinnedAt the attachment of the home through which the broker pinned the group, or null
   *     where the home did not come about through the shared queue
   * @param buildSha256 the build that its jobs need
   * @param queued jobs that wait, released or not
   * @param runningOn the slots that run jobs of the group now
   * @param heads the first of those not released yet and due, in order
   * @param released those released and not yet claimed
   * @param runTime mean time of a job of this group
   * @param setUp mean time to install this build
   */
  public record WaitingGroup(
      GroupKey key,
      int orgRunning,
      @Nullable String home,
      @Nullable Long pinnedAt,
      String packageName,
      String buildSha256,
      int queued,
      Set<String> runningOn,
      List<Job> heads,
      List<Job> released,
      Duration runTime,
      Duration setUp) {
    public WaitingGroup {
      runningOn = Set.copyOf(runningOn);
      heads = List.copyOf(heads);
      released = List.copyOf(released);
    }
  }

  /**
   * A live slot.
   *
   * @param running how many jobs it took and has not finished
   * @param busyWith how long it has been at those; zero where it is idle
   */
  public record SlotLoad(Slot slot, int running, Duration busyWith) {}
}
