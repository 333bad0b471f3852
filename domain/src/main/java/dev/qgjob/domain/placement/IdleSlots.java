package dev.qgjob.domain.placement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** The idle slots while the decisions are taken, by what they hold. */
final class IdleSlots {
  private final Map<Queue, Set<Place>> holding = new HashMap<>();
  private final Set<Place> free = new LinkedHashSet<>();
  private final Map<Place, Queue> kept = new LinkedHashMap<>();
  private final Map<Queue, Integer> held = new HashMap<>();

  /**
   * @param mayGoOn false where the org of a group gets nothing more now: no slot is kept for it
   */
  IdleSlots(Collection<Place> places, List<Queue> queues, Predicate<Queue> mayGoOn) {
    Map<String, List<Queue>> byBuild = new HashMap<>();
    for (Queue queue : queues) {
      byBuild.computeIfAbsent(queue.group.buildSha256(), k -> new ArrayList<>()).add(queue);
    }
    for (Place place : places) {
      for (String build : place.slot().holds().values()) {
        for (Queue queue : byBuild.getOrDefault(build, List.of())) {
          if (place.holds(queue.group)) {
            held.merge(queue, 1, Integer::sum);
            if (place.idle() && mayGoOn.test(queue) && queue.canUse(place)) {
              holding.computeIfAbsent(queue, k -> new LinkedHashSet<>()).add(place);
              kept.merge(place, queue, (a, b) -> Queue.ORDER.compare(a, b) <= 0 ? a : b);
            }
          }
        }
      }
      if (place.idle() && !kept.containsKey(place)) {
        free.add(place);
      }
    }
  }

  /** How many slots, idle or not, hold its build. */
  int holding(Queue queue) {
    return held.getOrDefault(queue, 0);
  }

  /** One that holds the build of the group. */
  Optional<Place> holding(Queue queue, Predicate<Place> usable) {
    Set<Place> warm = holding.getOrDefault(queue, Set.of());
    for (Iterator<Place> all = warm.iterator(); all.hasNext(); ) {
      Place place = all.next();
      if (!place.idle()) {
        all.remove();
      } else if (usable.test(place)) {
        return Optional.of(place);
      }
    }
    return Optional.empty();
  }

  /** One that holds no build with work waiting. */
  Optional<Place> free(Predicate<Place> usable) {
    return free.stream().filter(usable).findFirst();
  }

  /** One that holds a build for which there is work, where the group that keeps it has to yield. */
  Optional<Place> kept(BiPredicate<Queue, Place> yields, Predicate<Place> usable) {
    return kept.entrySet().stream()
        .filter(e -> yields.test(e.getValue(), e.getKey()) && usable.test(e.getKey()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  boolean none() {
    return free.isEmpty() && kept.isEmpty();
  }

  boolean someAreKept() {
    return !kept.isEmpty();
  }

  void remove(Place place) {
    free.remove(place);
    kept.remove(place);
  }
}
