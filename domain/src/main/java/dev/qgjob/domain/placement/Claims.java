package dev.qgjob.domain.placement;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

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
 *   <li>it is of the same org, due no later, and needs one slot more to end by the org's horizon:
 *       it has none, and the other keeps one; or it has too few, and the other keeps two and would
 *       end sooner with them by more than an install. That install is due anyway, and is done
 *       before the end, when other slots idle. (Of two slots one would often be missed soon: the
 *       installs of the simulator's families rose by a fifth.)
 * </ul>
 */
final class Claims {
  private final Map<Account, Double> overdue = new HashMap<>();

  /** By org and due time: until when others have to end, of all that are due by then. */
  private final Map<Account, NavigableMap<Long, Double>> late = new HashMap<>();

  private double leastTag = Double.POSITIVE_INFINITY;

  void add(Queue queue) {
    leastTag = Math.min(leastTag, queue.org.tagAfter(queue.setUp()));
    needs(queue.due(), queue.othersMayYieldUntil(), queue.org);
    if (queue.slots() == 0) {
      overdue.merge(queue.org, queue.due() + Placement.PATIENCE * queue.setUp(), Math::min);
    }
  }

  private void needs(long due, double until, Account org) {
    NavigableMap<Long, Double> ofOrg = late.computeIfAbsent(org, o -> new TreeMap<>());
    Map.Entry<Long, Double> before = ofOrg.floorEntry(due);
    if (before == null || before.getValue() < until) {
      ofOrg.put(due, until);
      ofOrg.tailMap(due, false).values().removeIf(later -> later <= until);
    }
  }

  /** A group of the same org, due no later, needs a slot more than this one, which has others. */
  private boolean isNeededLess(Queue keeper, Place place) {
    NavigableMap<Long, Double> ofOrg =
        late.getOrDefault(keeper.org, Collections.emptyNavigableMap());
    Map.Entry<Long, Double> need = ofOrg.floorEntry(keeper.due());
    if (need == null) {
      return false;
    }
    boolean fromNothing = need.getValue() == Double.POSITIVE_INFINITY;
    return keeper.slotsBeside(place) >= (fromNothing ? 1 : 2)
        && keeper.endWithout(place) < need.getValue();
  }

  /** True if the slot, which this group could go on with, leaves it. */
  boolean displace(Queue keeper, Place place) {
    // an org has no debt to itself: its tag after an install is above its tag
    double tag = keeper.org.tag();
    return tag > leastTag
        || isNeededLess(keeper, place)
        || overdue.entrySet().stream()
            .anyMatch(e -> e.getKey().tag() <= tag && e.getValue() < keeper.due());
  }
}
