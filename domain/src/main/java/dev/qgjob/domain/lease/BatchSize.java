package dev.qgjob.domain.lease;

import java.time.Duration;

/** How many jobs of a group one claim may take. */
final class BatchSize {
  /**
   * Part of a lease that is a moment: work that nobody minds waiting for, and that costs little
   * beside the lease if the worker dies with it. What was claimed together returns together, and
   * each of it then runs apart.
   */
  static final int MOMENTS_A_LEASE = 12;

  private BatchSize() {}

  /**
   * Not more than the slot asked for and than the policy allows. Within that, the slot's fair part
   * of what waits, since a batch is bound to its slot and idle neighbours should find something
   * left; or what is done in a moment, if that is more.
   *
   * @param waiting jobs of the group that wait, the claimed one included
   * @param liveSlots slots of the target that could share the work, from 1
   * @param run how long one of them is expected to run
   */
  static int of(int asked, LeasePolicy policy, int waiting, int liveSlots, Duration run) {
    long fairPart = (waiting + liveSlots - 1) / Math.max(1, liveSlots);
    long moment = policy.lease().dividedBy(MOMENTS_A_LEASE).toMillis();
    long inAMoment = moment / Math.max(1, run.toMillis());
    long wanted = Math.max(fairPart, Math.min(inAMoment, waiting));
    return (int) Math.max(1, Math.min(Math.min(asked, policy.mostPerClaim()), wanted));
  }
}
