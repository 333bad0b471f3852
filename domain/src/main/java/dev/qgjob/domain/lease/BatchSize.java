package dev.qgjob.domain.lease;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/** How many jobs of a group one claim may take. */
final class BatchSize {
  /** Part of a lease that is a moment: work that nobody minds waiting for. */
  static final int MOMENTS_A_LEASE = 12;

  /** Jobs of which nobody knows how long they run: they may be bound to their slot for hours. */
  static final int MOST_UNKNOWN = 16;

  private BatchSize() {}

  /**
   * Not more than the slot asked for and than the policy allows. Within that, the slot's fair part
   * of what waits for the target, since a batch is bound to its slot and idle neighbours should
   * find something left, of this group or of another; or what is done in a moment, if that is more.
   * And no more than is done in a lease: what was claimed together returns together when the worker
   * dies, and each of it then runs apart. Of jobs of unknown length no more than {@value
   * #MOST_UNKNOWN}.
   *
   * @param waiting jobs of the group that wait, the claimed one included
   * @param onTarget jobs of all groups that wait for the target; counted no further than matters
   * @param liveSlots slots of the target that could share the work, from 1
   * @param ahead how many jobs those of the other slots run that run any
   * @param run how long one of them is expected to run; empty where none has run yet
   */
  static int of(
      int asked,
      LeasePolicy policy,
      int waiting,
      int onTarget,
      int liveSlots,
      Collection<Integer> ahead,
      Optional<Duration> run) {
    long fairPart = Math.min(waiting, fairPart(Math.max(waiting, onTarget), liveSlots, ahead));
    Duration lease = policy.lease();
    long wanted =
        run.map(
                each -> {
                  long inAMoment = jobs(lease.dividedBy(MOMENTS_A_LEASE), each);
                  long atStake = jobs(lease, each);
                  return Math.min(atStake, Math.max(fairPart, Math.min(inAMoment, waiting)));
                })
            .orElse(Math.min(MOST_UNKNOWN, fairPart));
    return (int) Math.max(1, Math.min(Math.min(asked, policy.mostPerClaim()), wanted));
  }

  /**
   * What the slot has when all that waits is shared so that all have as many, what they run
   * included; slots that have more already get nothing. By number: of jobs of other groups nobody
   * knows here how long they run.
   */
  private static long fairPart(int all, int liveSlots, Collection<Integer> ahead) {
    int sharing = Math.max(1, liveSlots - ahead.size());
    long sum = all;
    for (int has : ahead.stream().sorted().toList()) {
      if (has >= each(sum, sharing)) {
        break;
      }
      sum += has;
      sharing++;
    }
    return each(sum, sharing);
  }

  private static long each(long sum, int sharing) {
    return (sum + sharing - 1) / sharing;
  }

  /** How many are done in this time. */
  private static long jobs(Duration time, Duration each) {
    return time.toMillis() / Math.max(1, each.toMillis());
  }
}
