package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.job.Target;
import dev.qgjob.scheduler.database.OneOf;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * How many jobs of each group of a target wait, as they were counted last: a count reads all that
 * it counts. Groups that are new are counted at once; the others anew, {@value #A_SECOND} jobs a
 * second of those that were counted longest ago, so that a short queue is counted once a second. It
 * steers over how many slots a group is spread, and nothing else. One tick of a target runs at a
 * time.
 */
final class QueueLengths {
  private static final int A_SECOND = 50_000;
  private static final int AT_ONCE = 512;
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final EntityManager entities;
  private final Target target;
  private final Map<String, Counted> known = new HashMap<>();
  private Instant again = Instant.MIN;

  private record Counted(int jobs, Instant at) {}

  QueueLengths(EntityManager entities, Target target) {
    this.entities = entities;
    this.target = target;
  }

  /** By the ids of the groups' rows. */
  synchronized Map<String, Integer> of(Collection<String> groupIds, Instant now) {
    known.keySet().retainAll(Set.copyOf(groupIds));
    List<String> due =
        new ArrayList<>(groupIds.stream().filter(id -> !known.containsKey(id)).toList());
    if (!now.isBefore(again)) {
      again = now.plus(EVERY);
      due.addAll(longestAgo());
    }
    for (int from = 0; from < due.size(); from += AT_ONCE) {
      count(due.subList(from, Math.min(due.size(), from + AT_ONCE)), now);
    }
    Map<String, Integer> lengths = new HashMap<>();
    known.forEach((id, counted) -> lengths.put(id, counted.jobs()));
    return lengths;
  }

  private List<String> longestAgo() {
    List<String> ids = new ArrayList<>(known.keySet());
    ids.sort(Comparator.comparing(id -> Objects.requireNonNull(known.get(id)).at()));
    int jobs = 0;
    int end = 0;
    while (end < ids.size() && jobs < A_SECOND) {
      jobs += Objects.requireNonNull(known.get(ids.get(end++))).jobs();
    }
    return ids.subList(0, end);
  }

  private void count(List<String> groupIds, Instant now) {
    groupIds.forEach(id -> known.put(id, new Counted(0, now)));
    OneOf some = new OneOf("id", groupIds);
    // one after the other: asked for many groups at once, MySQL reads what has ended as well
    for (Object row :
        some.in(
                entities.createNativeQuery(
                    """
                    select g.id, (select count(*) from job j use index (job_by_target)
                      where j.target = :target and j.state = 'QUEUED' and j.group_id = g.id)
                    from job_group g where g.id in\s"""
                        + some))
            .setParameter("target", target.name())
            .getResultList()) {
      Object[] columns = (Object[]) row;
      known.put((String) columns[0], new Counted(((Number) columns[1]).intValue(), now));
    }
  }
}
