package dev.qgjob.domain.placement;

import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobMachine;
import dev.qgjob.domain.job.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Outbound: what a tick reads and writes. Calls run in the transaction of the tick. */
public interface BoardStore {
  /** How long a job of a group runs before any did. */
  Duration DEFAULT_RUN = Duration.ofSeconds(20);

  /** How long an install of a build takes before any was seen. */
  Duration DEFAULT_SET_UP = Duration.ofSeconds(30);

  /** Weight of the newest figure in the moving averages of {@link #learned}; 0 to 1. */
  double NEWEST_WEIGHT = 0.3;

  /** Takes the target's row lock for this transaction; false if another tick holds it. */
  boolean lock(Target target);

  /**
   * False only where no live slot of the target could be sent another job, so that a tick would
   * decide nothing: asked first, since under load that is what most ticks find.
   */
  default boolean hasRoom(Target target, Duration lease) {
    return true;
  }

  Board read(Target target, Duration lease);

  /**
   * Jobs that wait at other targets, are due and not sent, may run on this one as well, and were
   * transferred less than {@link JobMachine#MOST_TRANSFERS} times: the first of each group. Without
   * those that wish for a device that no slot of this target is.
   *
   * @param most of each group
   */
  List<Transfers.Candidate> transferable(Board into, int most);

  /**
   * How many more jobs may use each of these resources, by {@link Resource#key}; no other tick
   * hears of them before this transaction ends. One that is not there any more limits nobody.
   */
  Map<String, Integer> takeStock(Set<String> resources);

  /** As {@link Board#suspects}, of this moment and of all targets. */
  Set<String> suspects();

  /** Notes that these generations were sent; to which slot, or null for the shared queue. */
  void released(List<Released> released);

  /** A slot claimed from a group: it is the home. {@code pinnedAt} null: not through the pin. */
  void home(GroupKey group, String slotId, @Nullable Long pinnedAt);

  /** A job of the group took this long to set up (null: nothing was installed) and to run. */
  void learned(GroupKey group, @Nullable Duration setUp, Duration run);

  /** How long a job of the group runs, as {@linkplain #learned}; empty before any has. */
  Optional<Duration> runTime(GroupKey group);

  /**
   * Queued jobs whose message was sent longer than {@code grace} ago and that no live slot has
   * reported since, while the target has a live slot that is attached; or whose slot is gone.
   */
  List<Job> unreported(Target target, Duration grace, Duration lease, int most);

  /** A generation that was sent. */
  record Released(String jobId, long generation, @Nullable String slotId) {}
}
