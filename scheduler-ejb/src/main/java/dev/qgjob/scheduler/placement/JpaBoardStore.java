package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Board;
import dev.qgjob.domain.placement.BoardStore;
import dev.qgjob.domain.submit.Build;
import dev.qgjob.scheduler.database.DatabaseClock;
import dev.qgjob.scheduler.database.OneOf;
import dev.qgjob.scheduler.fleet.Slots;
import dev.qgjob.scheduler.job.Jobs;
import dev.qgjob.scheduler.submit.Runs;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.query.Query;
import org.jspecify.annotations.Nullable;

/** The board in the database, read in nine queries whatever the number of jobs. */
public final class JpaBoardStore implements BoardStore {
  private static final int HEADS_BESIDE_SLOTS = 8;

  private static final String HEADS_OF_ONE =
      """
      (select id from job where target = :target and state = 'QUEUED' and group_id = :group%1$d
        and (released_generation is null or released_generation < generation)
        and (not_before is null or not_before <= %2$s)
      order by interrupted desc, priority desc, created_at, id limit :most)
      """;

  private static final Duration COUNT_EVERY = Duration.ofSeconds(1);

  private final EntityManager entities;
  private final Map<Target, Counted> counted = new ConcurrentHashMap<>();
  private final DatabaseClock clock;
  private final Jobs jobs;
  private final Runs runs;
  private final Slots slots;

  public JpaBoardStore(EntityManager entities) {
    this.entities = entities;
    this.clock = DatabaseClock.of(entities);
    this.jobs = new Jobs(entities);
    this.runs = new Runs(entities);
    this.slots = new Slots(entities);
  }

  private record Counted(Instant at, Map<String, Integer> byGroup) {}

  @Override
  public boolean lock(Target target) {
    return !entities
        .createNativeQuery(
            "select target from target_lock where target = :target for update skip locked")
        .setParameter("target", target.name())
        .getResultList()
        .isEmpty();
  }

  @Override
  public boolean hasRoom(Target target, Duration lease) {
    Set<String> free = slots.liveIds(target, lease);
    if (!free.isEmpty()) {
      // as the decision places them
      free.removeAll(
          entities
              .createQuery(
                  """
                  select coalesce(j.releasedSlotId, j.notedSlotId, g.homeSlotId)
                  from JobRow j join GroupRow g on g.id = j.groupId
                  where j.target = :target and j.state = QUEUED and j.releasedGeneration > 0
                    and j.releasedGeneration = j.generation
                  """,
                  String.class)
              .setParameter("target", target)
              .getResultList());
    }
    return !free.isEmpty();
  }

  @Override
  public Board read(Target target, Duration lease) {
    Instant now = clock.now(entities);
    List<Slot> live = slots.live(target, now.minus(lease));
    List<GroupRow> groups = waitingGroups(target);
    List<String> groupIds = groups.stream().map(group -> group.id).toList();
    Map<GroupKey, List<Job>> heads = heads(target, groupIds, live.size() + HEADS_BESIDE_SLOTS);
    Map<GroupKey, List<Job>> released = released(target);
    Map<String, List<RunningOn>> running = running(target);
    Map<String, Integer> busyOfOrg = busyOfOrg(released, running);
    Map<String, Integer> queued = queued(target, now);
    List<Board.WaitingGroup> waiting = new ArrayList<>();
    for (GroupRow group : groups) {
      GroupKey key = group.key();
      List<Job> first = heads.getOrDefault(key, List.of());
      List<Job> sent = released.getOrDefault(key, List.of());
      waiting.add(
          waiting(
              group,
              runs.build(key).orElseThrow(),
              Math.max(queued.getOrDefault(group.id, 0), first.size() + sent.size()),
              busyOfOrg.getOrDefault(group.orgId, 0),
              running.getOrDefault(group.id, List.of()),
              first,
              sent));
    }
    return new Board(target, now, waiting, loads(live, running), suspects(heads, released));
  }

  /** Of use only where a job that broke before waits for a worker: else nothing is asked. */
  private Set<String> suspects(Map<GroupKey, List<Job>> heads, Map<GroupKey, List<Job>> released) {
    boolean asked =
        Stream.of(heads, released)
            .flatMap(byGroup -> byGroup.values().stream())
            .flatMap(List::stream)
            .anyMatch(Job::suspect);
    if (!asked) {
      return Set.of();
    }
    Set<String> workers =
        new HashSet<>(
            entities
                .createQuery(
                    """
                    select distinct j.leaseWorkerId from JobRow j
                    where j.state = RUNNING and j.brokenAttempts > 0
                    """,
                    String.class)
                .getResultList());
    workers.addAll(
        entities
            .createQuery(
                """
                select distinct s.workerId from JobRow j, SlotRow s
                where s.id = j.releasedSlotId and j.state = QUEUED and j.brokenAttempts > 0
                  and j.releasedGeneration = j.generation
                """,
                String.class)
            .getResultList());
    return workers;
  }

  private record RunningOn(String groupId, String orgId, String slotId) {}

  /** The groups alone: MySQL steps from one to the next in the index, past all of its jobs. */
  private List<GroupRow> waitingGroups(Target target) {
    List<?> ids =
        entities
            .createNativeQuery(
                "select distinct group_id from job where target = :target and state = 'QUEUED'")
            .setParameter("target", target.name())
            .getResultList();
    if (ids.isEmpty()) {
      return List.of();
    }
    OneOf some = new OneOf("id", ids.stream().map(String.class::cast).toList());
    List<GroupRow> groups =
        some.in(
                entities.createQuery(
                    "select g from GroupRow g where g.id in " + some + " order by g.id",
                    GroupRow.class))
            .getResultList();
    entities.clear();
    return groups;
  }

  /**
   * How many wait by the id of their group, counted once a second at most, since the count reads
   * the whole queue. It steers over how many slots a group is spread, and nothing else.
   */
  private Map<String, Integer> queued(Target target, Instant now) {
    Counted last = counted.get(target);
    if (last != null && now.isBefore(last.at().plus(COUNT_EVERY))) {
      return last.byGroup();
    }
    Map<String, Integer> byGroup = new HashMap<>();
    for (Object row :
        entities
            .createNativeQuery(
                """
                select group_id, count(*) from job
                where target = :target and state = 'QUEUED' group by group_id
                """)
            .setParameter("target", target.name())
            .getResultList()) {
      Object[] columns = (Object[]) row;
      byGroup.put((String) columns[0], ((Number) columns[1]).intValue());
    }
    counted.put(target, new Counted(now, byGroup));
    return byGroup;
  }

  private static Map<String, Integer> busyOfOrg(
      Map<GroupKey, List<Job>> released, Map<String, List<RunningOn>> running) {
    Map<String, Integer> busy = new HashMap<>();
    released.forEach((group, jobs) -> busy.merge(group.orgId(), jobs.size(), Integer::sum));
    running.values().forEach(jobs -> jobs.forEach(job -> busy.merge(job.orgId(), 1, Integer::sum)));
    return busy;
  }

  /** The first of each group by the index's own order, so that the rest of it is not looked at. */
  private Map<GroupKey, List<Job>> heads(Target target, List<String> groupIds, int most) {
    if (groupIds.isEmpty()) {
      return Map.of();
    }
    List<String> heads = new ArrayList<>();
    for (int i = 0; i < groupIds.size(); i++) {
      heads.add(HEADS_OF_ONE.formatted(i, clock.sql()));
    }
    Map<String, Object> parameters = new HashMap<>(Map.of("target", target.name(), "most", most));
    for (int i = 0; i < groupIds.size(); i++) {
      parameters.put("group" + i, groupIds.get(i));
    }
    return byGroup(jobs.among(String.join(" union all ", heads), parameters));
  }

  private Map<GroupKey, List<Job>> released(Target target) {
    return byGroup(
        jobs.where(
            """
            j.target = :target and j.state = QUEUED and j.releasedGeneration > 0
              and j.releasedGeneration = j.generation
            """
                + Jobs.IN_ORDER,
            Map.of("target", target)));
  }

  private static Map<GroupKey, List<Job>> byGroup(List<Job> jobs) {
    return jobs.stream().collect(Collectors.groupingBy(Job::group));
  }

  private Map<String, List<RunningOn>> running(Target target) {
    return entities
        .createQuery(
            """
            select j.groupId, j.orgId, j.leaseSlotId from JobRow j
            where j.target = :target and j.state = RUNNING
            """,
            Object[].class)
        .setParameter("target", target)
        .getResultList()
        .stream()
        .map(row -> new RunningOn((String) row[0], (String) row[1], (String) row[2]))
        .collect(Collectors.groupingBy(RunningOn::groupId));
  }

  private Board.WaitingGroup waiting(
      GroupRow group,
      Build build,
      int queued,
      int orgRunning,
      List<RunningOn> running,
      List<Job> heads,
      List<Job> released) {
    return new Board.WaitingGroup(
        group.key(),
        orgRunning,
        group.homeSlotId,
        group.pinnedAt,
        build.packageName(),
        build.sha256(),
        queued,
        running.stream().map(RunningOn::slotId).collect(Collectors.toSet()),
        heads,
        released,
        group.runMs == null ? DEFAULT_RUN : Duration.ofMillis(group.runMs),
        group.setUpMs == null ? DEFAULT_SET_UP : Duration.ofMillis(group.setUpMs));
  }

  private static List<Board.SlotLoad> loads(List<Slot> live, Map<String, List<RunningOn>> running) {
    Map<String, Long> bySlot =
        running.values().stream()
            .flatMap(List::stream)
            .collect(Collectors.groupingBy(RunningOn::slotId, Collectors.counting()));
    return live.stream()
        .map(s -> new Board.SlotLoad(s, bySlot.getOrDefault(s.id(), 0L).intValue()))
        .toList();
  }

  /** By id and generation only: it may have been claimed since it was sent, and that is well. */
  @Override
  public void released(List<Released> released) {
    Query<?> update =
        entities
            .createQuery(
                """
                update JobRow j set j.releasedGeneration = :generation, j.releasedSlotId = :slot,
                  j.releasedAt = database_time(), j.notedSlotId = null, j.notedAt = null
                where j.id = :id and j.generation = :generation
                """)
            .unwrap(Query.class);
    // in one order, so that two that meet on the same rows do not lock each other out
    released.stream()
        .sorted(Comparator.comparing(Released::jobId))
        .forEach(
            r ->
                update
                    .setParameter("id", r.jobId())
                    .setParameter("generation", r.generation())
                    .setParameter("slot", r.slotId())
                    .executeUpdate());
  }

  @Override
  public void home(GroupKey group, String slotId, @Nullable Long pinnedAt) {
    ofGroup("update GroupRow g set g.homeSlotId = :slot, g.pinnedAt = :pinnedAt", group)
        .setParameter("slot", slotId)
        .setParameter("pinnedAt", pinnedAt)
        .executeUpdate();
  }

  @Override
  public void learned(GroupKey group, @Nullable Duration setUp, Duration run) {
    learn("runMs", group, run);
    if (setUp != null) {
      learn("setUpMs", group, setUp);
    }
  }

  private void learn(String figure, GroupKey group, Duration latest) {
    ofGroup(
            """
            update GroupRow g set g.%1$s = case when g.%1$s is null then :latest
              else cast(round(g.%1$s * %2$s, 0) as Long) + :share end
            """
                .formatted(figure, 1 - NEWEST_WEIGHT),
            group)
        .setParameter("latest", latest.toMillis())
        .setParameter("share", Math.round(latest.toMillis() * NEWEST_WEIGHT))
        .executeUpdate();
  }

  private jakarta.persistence.Query ofGroup(String update, GroupKey group) {
    return entities
        .createQuery(
            update
                + """
                 where g.orgId = :org and g.appVersionId = :version and g.build = :build
                and g.target = :target
                """)
        .setParameter("org", group.orgId())
        .setParameter("version", group.appVersionId())
        .setParameter("build", group.build())
        .setParameter("target", group.target());
  }

  @Override
  public List<Job> unreported(Target target, Duration grace, Duration lease, int most) {
    Instant now = clock.now(entities);
    Set<String> live = new HashSet<>();
    slots.live(target, now.minus(lease)).forEach(s -> live.add(s.id()));
    String gone =
        live.isEmpty()
            ? "j.releasedSlotId is not null"
            : """
              ((j.releasedSlotId is not null and j.releasedSlotId not in :live)
               or coalesce(j.notedAt, j.releasedAt) <= :since)
              """;
    Map<String, Object> parameters = new HashMap<>(Map.of("target", target));
    if (!live.isEmpty()) {
      parameters.put("live", live);
      parameters.put("since", now.minus(grace));
    }
    return jobs.where(
        """
        j.target = :target and j.state = QUEUED and j.releasedGeneration > 0
          and j.releasedGeneration = j.generation and\s"""
            + gone
            + Jobs.IN_ORDER,
        parameters,
        most);
  }
}
