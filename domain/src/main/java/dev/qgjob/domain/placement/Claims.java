package dev.qgjob.domain.placement;

import java.util.HashMap;
import java.util.Map;

/**
 * The groups that want a slot and found none that is free. For one of them a slot leaves a build
 * that it holds and for which there is work, if
 *
 * <ul>
 *   <li>its org has been served less than the other by more than the install that it would cause,
 *       or
 *   <li>no slot works on it, its org was not served more, and it has been due {@value
 *       Placement#PATIENCE} installs longer: nothing waits for ever. Two groups on one slot so take
 *       turns of {@value Placement#PATIENCE} installs and not of one job, or
 *   <li>it is of the same org and needs one slot more to end by the org's horizon, while the other
 *       has more than one slot, and without this one would end sooner than it by more than an
 *       install, or no slot works on it at all: an install that is due anyway is done before the
 *       end, when other slots idle.
 * </ul>
 */
final class Claims {
  private final Map<Account, Double> overdue = new HashMap<>();
  private final Map<Account, Double> latest = new HashMap<>();
  private double leastTag = Double.POSITIVE_INFINITY;

  void add(Queue queue) {
    leastTag = Math.min(leastTag, queue.org.tagAfter(queue.setUp()));
    latest.merge(queue.org, queue.othersMayYieldUntil(), Math::max);
    if (queue.slots() == 0) {
      overdue.merge(queue.org, queue.due() + Placement.PATIENCE * queue.setUp(), Math::min);
    }
  }

  /** True if a slot that this group could go on with leaves it. */
  boolean displace(Queue keeper) {
    // an org has no debt to itself: its tag after an install is above its tag
    double tag = keeper.org.tag();
    return tag > leastTag
        || (keeper.slots() > 1 && keeper.end() < latest.getOrDefault(keeper.org, 0.0))
        || overdue.entrySet().stream()
            .anyMatch(e -> e.getKey().tag() <= tag && e.getValue() < keeper.due());
  }
}
