package dev.qgjob.domain.placement;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

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
 *   <li>no slot works on it, it is of the same org and would end too late if it began later, while
 *       the other has more than one slot: an install that is due anyway is done before the end.
 * </ul>
 */
final class Claims {
  private final Map<Account, Double> overdue = new HashMap<>();
  private final Set<Account> pressed = new HashSet<>();
  private double leastTag = Double.POSITIVE_INFINITY;

  void add(Queue queue) {
    leastTag = Math.min(leastTag, queue.org.tagAfter(queue.setUp()));
    if (queue.slots() == 0) {
      if (queue.pressing()) {
        pressed.add(queue.org);
      }
      overdue.merge(queue.org, queue.due() + Placement.PATIENCE * queue.setUp(), Math::min);
    }
  }

  /** True if a slot that this group could go on with leaves it. */
  boolean displace(Queue keeper) {
    // an org has no debt to itself: its tag after an install is above its tag
    double tag = keeper.org.tag();
    return tag > leastTag
        || (keeper.slots() > 1 && pressed.contains(keeper.org))
        || overdue.entrySet().stream()
            .anyMatch(e -> e.getKey().tag() <= tag && e.getValue() < keeper.due());
  }
}
