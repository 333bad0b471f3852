package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.fleet.Hold;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobMachine;
import dev.qgjob.domain.job.Release;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Board;
import dev.qgjob.domain.placement.BoardStore;
import dev.qgjob.domain.placement.FigureKey;
import dev.qgjob.domain.placement.Heads;
import dev.qgjob.domain.placement.Minutes;
import dev.qgjob.domain.placement.Remaining;
import dev.qgjob.domain.placement.Transfers;
import dev.qgjob.domain.submit.Build;
import dev.qgjob.scheduler.database.DatabaseClock;
import dev.qgjob.scheduler.database.OneOf;
import dev.qgjob.scheduler.fleet.Holds;
import dev.qgjob.scheduler.fleet.Slots;
import dev.qgjob.scheduler.job.Jobs;
import dev.qgjob.scheduler.submit.Runs;
import jakarta.persistence.EntityManager;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

/**
 * The board in the database, read in some twenty queries whatever the number of jobs; counts,
 * shares and figures that are known are not asked for again at every tick.
 */
public final class JpaBoardStore implements BoardStore {
  private static final String FEW_TRANSFERS = " and transfers < " + JobMachine.MOST_TRANSFERS;

  private static final String OF_GROUP =
      """
       where g.orgId = :org and g.appVersionId = :version and g.build = :build
      and g.target = :target
      """;

  private static final Duration COUNT_EVERY = Duration.ofSeconds(1);

  private final EntityManager entities;
  private final Map<Target, QueueLengths> lengths = new ConcurrentHashMap<>();
  private final Map<Target, SeenLately> lately = new ConcurrentHashMap<>();
  private final DatabaseClock clock;
  private final Jobs jobs;
  private final FirstJobs first;
  private final Runs runs;
  private final Slots slots;
  private final KnownFigures figures;
  private final Wishes wishes;
  private final RunTargets runTargets;
  private final RunResources resources;
  private final Holds holds;
  private final OrgMinutes minutes;
  private final Map<Target, Asked> asked = new ConcurrentHashMap<>();
  private final Duration browserStackMinute;
  private final Map<Target, Shares> shares = new ConcurrentHashMap<>();
  private final Map<Target, Wished> wished = new ConcurrentHashMap<>();
  private final Map<Target, Progress> progress = new ConcurrentHashMap<>();

  /** Where nothing is transferred. */
  public JpaBoardStore(EntityManager entities) {
    this(entities, Duration.ZERO);
  }

  /**
   * @param browserStackMinute the waiting time that a minute on BrowserStack is worth
   */
  public JpaBoardStore(EntityManager entities, Duration browserStackMinute) {
    this.browserStackMinute = browserStackMinute;
    this.runTargets = new RunTargets(entities);
    this.resources = new RunResources(entities);
    this.holds = new Holds(entities);
    this.minutes = new OrgMinutes(entities);
    this.entities = entities;
    this.clock = DatabaseClock.of(entities);
    this.jobs = new Jobs(entities);
    this.first = new FirstJobs(entities, jobs);
    this.runs = new Runs(entities);
    this.slots = new Slots(entities);
    this.figures = new KnownFigures(new JpaBooks(entities));
    this.wishes = new Wishes(entities);
  }

  private record Shares(
      Instant at, Map<String, Share> byOrg, int cap, Map<String, Minutes> minutes) {}

  private record Share(double weight, int cap, double tag) {}

  private record Asked(Instant at, Map<String, Set<String>> byRun) {}

  private record Wished(Instant at, Map<String, Map<String, String>> byRun) {}

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
    free.removeAll(holds.now().keySet());
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
    Map<GroupKey, List<Job>> released = released(target);
    List<RunningOn> running = running(target);
    runs.read(
        Stream.concat(groups.stream().map(GroupRow::key), running.stream().map(RunningOn::group))
            .toList());
    Map<String, Set<String>> openResources = openResources(target, now);
    Map<String, Integer> left = resources.left(keys(openResources), false);
    Set<String> notNow = unmet(target, live, now);
    openResources.forEach(
        (run, keys) -> {
          if (keys.stream().anyMatch(key -> left.getOrDefault(key, 1) <= 0)) {
            notNow.add(run);
          }
        });
    Map<String, List<RunningOn>> byGroup =
        running.stream().collect(Collectors.groupingBy(RunningOn::groupId));
    Map<String, Hold> held = holds.now();
    Map<GroupKey, List<Job>> heads =
        byGroup(
            first.read(
                target,
                mostOf(groups, idle(live, running, released, held), byGroup),
                notNow,
                "",
                Map.of()));
    Set<String> runIds =
        Stream.of(heads, released)
            .flatMap(some -> some.values().stream())
            .flatMap(List::stream)
            .map(Job::runId)
            .collect(Collectors.toSet());
    wishes.read(runIds);
    resources.read(runIds);
    Map<String, Integer> busyOfOrg = busyOfOrg(released, running);
    Map<String, Integer> queued =
        lengths
            .computeIfAbsent(target, t -> new QueueLengths(entities, t))
            .of(groups.stream().map(group -> group.id).toList(), now);
    readFigures(heads, released, running, now);
    CompatibleSlots compatible =
        new CompatibleSlots(
            live, lately.computeIfAbsent(target, t -> new SeenLately()).look(live, now));
    List<Board.WaitingGroup> waiting = new ArrayList<>();
    for (GroupRow group : groups) {
      GroupKey key = group.key();
      List<Job> next = heads.getOrDefault(key, List.of());
      List<Job> sent = released.getOrDefault(key, List.of());
      waiting.add(
          waiting(
              group,
              runs.build(key).orElseThrow(),
              Math.max(queued.getOrDefault(group.id, 0), next.size() + sent.size()),
              busyOfOrg.getOrDefault(group.orgId, 0),
              byGroup.getOrDefault(group.id, List.of()),
              next,
              sent,
              compatible));
    }
    Shares orgs = shares(target, now, groups);
    List<Board.SlotLoad> loads = held(loads(target, live, running, now), held, now);
    return new Board(
        target,
        now,
        waiting,
        loads,
        suspects(heads, released),
        shares(orgs, running, live),
        orgs.cap(),
        left);
  }

  /** What open runs ask for, looked up once a second: it says only whose jobs are not looked at. */
  private Map<String, Set<String>> openResources(Target target, Instant now) {
    Asked last = asked.get(target);
    if (last == null || !now.isBefore(last.at().plus(COUNT_EVERY))) {
      last = new Asked(now, resources.open());
      asked.put(target, last);
    }
    return last.byRun();
  }

  private static Set<String> keys(Map<String, Set<String>> byRun) {
    return byRun.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
  }

  @Override
  public Map<String, Integer> takeStock(Set<String> keys) {
    return resources.left(keys, true);
  }

  @Override
  public List<Transfers.Candidate> transferable(Board into, int most) {
    Map<Target, List<String>> groups = runTargets.groupsElsewhere(into.target());
    if (groups.isEmpty()) {
      return List.of();
    }
    List<Slot> here = into.slots().stream().map(Board.SlotLoad::slot).toList();
    Set<String> unmet = unmet(into.target(), here, into.now());
    int inAll = groups.values().stream().mapToInt(List::size).sum();
    int ofEach = Math.max(1, Math.min(most, Heads.IN_ALL / Math.max(1, inAll)));
    List<Job> found = new ArrayList<>();
    groups.forEach(
        (target, ids) ->
            found.addAll(
                first.read(
                    target,
                    ids.stream().collect(Collectors.toMap(id -> id, id -> ofEach)),
                    unmet,
                    RunTargets.MAY_RUN_HERE + FEW_TRANSFERS,
                    Map.of("into", into.target().name()))));
    runs.read(found.stream().map(Job::group).toList());
    wishes.read(found.stream().map(Job::runId).collect(Collectors.toSet()));
    Set<FigureKey> keys = new HashSet<>();
    for (Job job : found) {
      for (GroupKey group : List.of(job.group(), job.group().on(into.target()))) {
        keys.add(runKey(group));
        keys.add(setUpKey(group));
        keys.add(specKey(group, job.testPath()));
      }
    }
    figures.read(keys, into.now());
    Set<String> spent = spent(into.target(), found);
    CompatibleSlots compatible = new CompatibleSlots(here, List.of());
    return found.stream()
        .filter(job -> compatible.exist(wishes.of(job.runId()), build(job.group())))
        .filter(job -> !spent.contains(job.group().orgId()))
        .map(job -> candidate(job, into.target(), compatible))
        .toList();
  }

  /** Orgs that have used their minutes of the target. */
  private Set<String> spent(Target into, List<Job> found) {
    Set<String> spent = new HashSet<>();
    if (into == Target.BROWSERSTACK && !found.isEmpty()) {
      minutes
          .now()
          .forEach(
              (org, used) -> {
                if (used.spent()) {
                  spent.add(org);
                }
              });
    }
    return spent;
  }

  private Transfers.Candidate candidate(Job job, Target into, CompatibleSlots compatible) {
    Map<String, String> device = wishes.of(job.runId());
    GroupKey here = job.group().on(into);
    Build build = build(here);
    Duration runThere = run(job, job.group()).orElse(DEFAULT_RUN);
    Duration runHere = run(job, here).orElse(runThere);
    return new Transfers.Candidate(
        job,
        device,
        build.packageName(),
        build.sha256(),
        runThere,
        runHere,
        setUp(here, null),
        into == Target.BROWSERSTACK
            ? Duration.ofMillis(runHere.toMillis() * browserStackMinute.toMillis() / 60_000)
            : Duration.ZERO,
        compatible.among(device, build));
  }

  /** What was measured of the spec there, else of all of the app's. */
  private Optional<Duration> run(Job job, GroupKey group) {
    return figures
        .mean(specKey(group, job.testPath()))
        .map(job.part()::share)
        .or(() -> figures.mean(runKey(group)));
  }

  /** What is known of the heads and of what runs, in one query for what is not known yet. */
  private void readFigures(
      Map<GroupKey, List<Job>> heads,
      Map<GroupKey, List<Job>> released,
      List<RunningOn> running,
      Instant now) {
    Set<FigureKey> keys = new HashSet<>();
    Stream.of(heads, released)
        .flatMap(byGroup -> byGroup.entrySet().stream())
        .forEach(
            e -> {
              keys.add(runKey(e.getKey()));
              keys.add(setUpKey(e.getKey()));
              e.getValue().forEach(job -> keys.add(specKey(job.group(), job.testPath())));
            });
    running.forEach(
        on -> {
          keys.add(runKey(on.group()));
          keys.add(setUpKey(on.group()));
          keys.add(specKey(on.group(), on.testPath()));
        });
    figures.read(keys, now);
  }

  private String packageOf(GroupKey group) {
    return build(group).packageName();
  }

  private FigureKey runKey(GroupKey group) {
    return FigureKey.run(group.orgId(), packageOf(group), group.target());
  }

  private FigureKey setUpKey(GroupKey group) {
    return FigureKey.setUp(group.orgId(), packageOf(group), group.target());
  }

  private FigureKey specKey(GroupKey group, String testPath) {
    return FigureKey.spec(group.orgId(), packageOf(group), group.target(), testPath);
  }

  /** Of the build; else of the app; else the prior. */
  private Duration runTime(GroupKey group, @Nullable Long ofBuild) {
    return ofBuild == null
        ? figures.mean(runKey(group)).orElse(DEFAULT_RUN)
        : Duration.ofMillis(ofBuild);
  }

  private Duration setUp(GroupKey group, @Nullable Long ofBuild) {
    return ofBuild == null
        ? figures.mean(setUpKey(group)).orElse(DEFAULT_SET_UP)
        : Duration.ofMillis(ofBuild);
  }

  /** Weights, caps and accounts of the orgs that wait, read once a second and for a new org. */
  private Shares shares(Target target, Instant now, List<GroupRow> groups) {
    Set<String> orgs = groups.stream().map(group -> group.orgId).collect(Collectors.toSet());
    Shares last = shares.get(target);
    if (last != null
        && now.isBefore(last.at().plus(COUNT_EVERY))
        && last.byOrg().keySet().containsAll(orgs)) {
      return last;
    }
    Map<String, Share> byOrg = new HashMap<>();
    if (!orgs.isEmpty()) {
      OneOf some = new OneOf("org", orgs);
      for (Object row :
          some.in(
                  entities.createNativeQuery(
                      "select o.id, o.weight, o.cap, a.tag from org o left join org_account a"
                          + " on a.org_id = o.id and a.target = :target where o.id in "
                          + some))
              .setParameter("target", target.name())
              .getResultList()) {
        Object[] c = (Object[]) row;
        byOrg.put(
            (String) c[0],
            new Share(
                ((Number) c[1]).doubleValue(),
                c[2] == null ? Board.NO_CAP : ((Number) c[2]).intValue(),
                c[3] == null ? 0 : ((Number) c[3]).doubleValue()));
      }
    }
    orgs.forEach(org -> byOrg.putIfAbsent(org, new Share(1, Board.NO_CAP, 0)));
    Object cap =
        entities
            .createNativeQuery("select cap from target_lock where target = :target")
            .setParameter("target", target.name())
            .getSingleResult();
    Shares read =
        new Shares(
            now,
            byOrg,
            cap == null ? Board.NO_CAP : ((Number) cap).intValue(),
            target == Target.BROWSERSTACK ? minutes.now() : Map.of());
    shares.put(target, read);
    return read;
  }

  /** What the accounts say, and what runs now as it is expected to end up there. */
  private Map<String, Board.Share> shares(Shares orgs, List<RunningOn> running, List<Slot> live) {
    Map<String, Duration> using = new HashMap<>();
    Map<String, Slot> slotsById = live.stream().collect(Collectors.toMap(Slot::id, s -> s));
    bySlot(running)
        .forEach(
            (slotId, here) ->
                using.merge(
                    here.get(0).group().orgId(),
                    expected(here, slotsById.get(slotId)),
                    Duration::plus));
    Map<String, Board.Share> shown = new HashMap<>();
    orgs.byOrg()
        .forEach(
            (org, share) ->
                shown.put(
                    org,
                    new Board.Share(
                        share.weight(),
                        share.cap(),
                        Duration.ofMillis(Math.round(share.tag() * share.weight()))
                            .plus(using.getOrDefault(org, Duration.ZERO)),
                        orgs.minutes().get(org))));
    return shown;
  }

  private static Map<String, List<RunningOn>> bySlot(List<RunningOn> running) {
    return running.stream().collect(Collectors.groupingBy(RunningOn::slotId));
  }

  /** How long a slot is at work in all: on jobs of one group, one after the other. */
  private Duration expected(List<RunningOn> here, @Nullable Slot slot) {
    return settingUp(here, slot).plus(tests(here));
  }

  private Duration tests(List<RunningOn> here) {
    return here.stream()
        .map(
            on ->
                figures
                    .mean(specKey(on.group(), on.testPath()))
                    .map(whole -> whole.dividedBy(on.parts()))
                    .orElseGet(() -> runTime(on.group(), on.runMs())))
        .reduce(Duration.ZERO, Duration::plus);
  }

  private Duration settingUp(List<RunningOn> here, @Nullable Slot slot) {
    RunningOn first = here.get(0);
    Build build = build(first.group());
    return slot != null && !build.sha256().equals(slot.holds().get(build.packageName()))
        ? setUp(first.group(), first.setUpMs())
        : Duration.ZERO;
  }

  private Build build(GroupKey group) {
    return runs.build(group).orElseThrow();
  }

  /** Slots that could be sent a job of any group. */
  private static int idle(
      List<Slot> live,
      List<RunningOn> running,
      Map<GroupKey, List<Job>> released,
      Map<String, Hold> held) {
    Set<String> taken = new HashSet<>(held.keySet());
    running.forEach(on -> taken.add(on.slotId()));
    released.values().stream()
        .flatMap(List::stream)
        .map(Job::release)
        .filter(Objects::nonNull)
        .map(Release::slotId)
        .filter(Objects::nonNull)
        .forEach(taken::add);
    return (int) live.stream().filter(slot -> !taken.contains(slot.id())).count();
  }

  /** As {@link Heads}, by the ids of the rows. */
  private static Map<String, Integer> mostOf(
      List<GroupRow> groups, int idle, Map<String, List<RunningOn>> running) {
    Map<GroupKey, Integer> slots = new HashMap<>();
    groups.forEach(
        group ->
            slots.put(
                group.key(),
                idle
                    + (int)
                        running.getOrDefault(group.id, List.of()).stream()
                            .map(RunningOn::slotId)
                            .distinct()
                            .count()));
    Map<GroupKey, Integer> most = Heads.most(slots);
    return groups.stream()
        .collect(
            Collectors.toMap(
                group -> group.id, group -> Objects.requireNonNull(most.get(group.key()))));
  }

  /** Asked for only where a job that broke before waits for a worker: it is of no use elsewhere. */
  private Set<String> suspects(Map<GroupKey, List<Job>> heads, Map<GroupKey, List<Job>> released) {
    boolean asked =
        Stream.of(heads, released)
            .flatMap(byGroup -> byGroup.values().stream())
            .flatMap(List::stream)
            .anyMatch(Job::suspect);
    return asked ? suspects() : Set.of();
  }

  @Override
  public Set<String> suspects() {
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

  private record RunningOn(
      String groupId,
      GroupKey group,
      String slotId,
      String testPath,
      int parts,
      @Nullable Instant since,
      @Nullable Long runMs,
      @Nullable Long setUpMs) {}

  /**
   * The groups alone: MySQL steps from one to the next in the index, past all of their jobs. So it
   * does where the index is named and grouped by from its beginning; by a distinct of the group
   * alone it reads all that waits.
   */
  @SuppressWarnings("unchecked") // a native query of entities knows its type at run time only
  private List<GroupRow> waitingGroups(Target target) {
    List<GroupRow> groups =
        entities
            .createNativeQuery(
                """
                select g.* from job_group g join (
                    select group_id from job use index (job_by_target)
                    where target = :target and state = 'QUEUED'
                    group by target, state, group_id) waiting
                  on waiting.group_id = g.id
                order by g.id
                """,
                GroupRow.class)
            .setParameter("target", target.name())
            .getResultList();
    entities.clear();
    return groups;
  }

  /** A slot runs one job at a time, however many it took. */
  private static Map<String, Integer> busyOfOrg(
      Map<GroupKey, List<Job>> released, List<RunningOn> running) {
    Map<String, Integer> busy = new HashMap<>();
    released.forEach((group, jobs) -> busy.merge(group.orgId(), jobs.size(), Integer::sum));
    bySlot(running)
        .values()
        .forEach(here -> busy.merge(here.get(0).group().orgId(), 1, Integer::sum));
    return busy;
  }

  /**
   * Runs that no live slot is good enough for: their jobs are not looked at, so that they hide none
   * of those behind them. What is wished for is looked up once a second.
   */
  private Set<String> unmet(Target target, List<Slot> live, Instant now) {
    Wished last = wished.get(target);
    if (last == null || !now.isBefore(last.at().plus(COUNT_EVERY))) {
      last = new Wished(now, wishes.open());
      wished.put(target, last);
    }
    Map<Map<String, String>, Boolean> met = new HashMap<>();
    Set<String> unmet = new HashSet<>();
    last.byRun()
        .forEach(
            (run, device) -> {
              if (!met.computeIfAbsent(
                  device, wish -> live.stream().anyMatch(slot -> slot.has(wish)))) {
                unmet.add(run);
              }
            });
    return unmet;
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

  private List<RunningOn> running(Target target) {
    List<RunningOn> running =
        entities
            .createQuery(
                """
                select g, j.leaseSlotId, j.testPath, a.startedAt, j.parts from JobRow j
                  join GroupRow g on g.id = j.groupId
                  left join AttemptRow a on a.key.jobId = j.id and a.key.number = j.attempt
                where j.target = :target and j.state = RUNNING
                """,
                Object[].class)
            .setParameter("target", target)
            .getResultList()
            .stream()
            .map(
                row -> {
                  GroupRow group = (GroupRow) row[0];
                  return new RunningOn(
                      group.id,
                      group.key(),
                      (String) row[1],
                      (String) row[2],
                      (Integer) row[4],
                      (Instant) row[3],
                      group.runMs,
                      group.setUpMs);
                })
            .toList();
    entities.clear();
    return running;
  }

  private Board.WaitingGroup waiting(
      GroupRow group,
      Build build,
      int queued,
      int orgRunning,
      List<RunningOn> running,
      List<Job> heads,
      List<Job> released,
      CompatibleSlots compatible) {
    Duration runTime = runTime(group.key(), group.runMs);
    Map<String, Board.Need> needs = new HashMap<>();
    Stream.of(heads, released)
        .flatMap(List::stream)
        .forEach(job -> needs.put(job.id(), need(job, build, runTime, compatible)));
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
        runTime,
        setUp(group.key(), group.setUpMs),
        work(queued, runTime, needs),
        needs.values().stream()
            .map(Board.Need::forecast)
            .max(Comparator.naturalOrder())
            .orElse(runTime),
        needs);
  }

  /** What is known of those that were looked at, and the mean for the others. */
  private static Duration work(int queued, Duration runTime, Map<String, Board.Need> needs) {
    return needs.values().stream()
        .map(Board.Need::forecast)
        .reduce(runTime.multipliedBy(Math.max(0, queued - needs.size())), Duration::plus);
  }

  private Board.Need need(Job job, Build build, Duration runTime, CompatibleSlots compatible) {
    Map<String, String> device = wishes.of(job.runId());
    return new Board.Need(
        figures.mean(specKey(job.group(), job.testPath())).map(job.part()::share).orElse(runTime),
        device,
        resources.of(job.runId()),
        compatible.among(device, build));
  }

  private List<Board.SlotLoad> held(
      List<Board.SlotLoad> loads, Map<String, Hold> held, Instant now) {
    return loads.stream()
        .map(
            load -> {
              Hold hold = held.get(load.slot().id());
              return hold == null ? load : load.heldFor(Duration.between(now, hold.until()));
            })
        .toList();
  }

  private List<Board.SlotLoad> loads(
      Target target, List<Slot> live, List<RunningOn> running, Instant now) {
    Map<String, List<RunningOn>> bySlot = bySlot(running);
    Map<String, Instant> began =
        progress.computeIfAbsent(target, t -> new Progress()).look(began(bySlot, now), now);
    return live.stream()
        .map(
            slot -> {
              List<RunningOn> here = bySlot.getOrDefault(slot.id(), List.of());
              return here.isEmpty()
                  ? new Board.SlotLoad(slot, 0)
                  : new Board.SlotLoad(
                          slot,
                          here.size(),
                          Remaining.of(
                              settingUp(here, slot),
                              tests(here),
                              here.size(),
                              Duration.between(began.getOrDefault(slot.id(), now), now)))
                      .of(here.get(0).group().orgId());
            })
        .toList();
  }

  private static Map<String, Progress.Work> began(
      Map<String, List<RunningOn>> bySlot, Instant now) {
    Map<String, Progress.Work> work = new HashMap<>();
    bySlot.forEach(
        (slot, here) ->
            work.put(
                slot,
                new Progress.Work(
                    here.stream()
                        .map(RunningOn::since)
                        .filter(Objects::nonNull)
                        .min(Comparator.naturalOrder())
                        .orElse(now),
                    here.size())));
    return work;
  }

  /** By id and generation only: it may have been claimed since it was sent, and that is well. */
  @Override
  public void released(List<Released> released) {
    if (released.isEmpty()) {
      return;
    }
    // in one order, so that two that meet on the same rows do not lock each other out
    List<Released> inOrder =
        released.stream().sorted(Comparator.comparing(Released::jobId)).toList();
    String update =
        "update job set released_generation = ?, released_slot_id = ?, released_at = "
            + clock.sql()
            + ", noted_slot_id = null, noted_at = null where id = ? and generation = ?";
    entities
        .unwrap(Session.class)
        .doWork(
            connection -> {
              try (PreparedStatement rows = connection.prepareStatement(update)) {
                for (Released r : inOrder) {
                  rows.setLong(1, r.generation());
                  rows.setString(2, r.slotId());
                  rows.setString(3, r.jobId());
                  rows.setLong(4, r.generation());
                  rows.addBatch();
                }
                rows.executeBatch();
              }
            });
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

  @Override
  public Optional<Duration> runTime(GroupKey group) {
    return entities
        .createQuery("select g.runMs from GroupRow g" + OF_GROUP, Long.class)
        .setParameter("org", group.orgId())
        .setParameter("version", group.appVersionId())
        .setParameter("build", group.build())
        .setParameter("target", group.target())
        .getResultStream()
        .filter(Objects::nonNull)
        .findFirst()
        .map(Duration::ofMillis);
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
        .createQuery(update + OF_GROUP)
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
    // what waits at a slot that is held goes elsewhere
    Set<String> held = holds.now().keySet();
    live.removeAll(held);
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
    if (!held.isEmpty()) {
      gone = "(" + gone + " or j.notedSlotId in :held)";
      parameters.put("held", held);
    }
    return jobs.where(
        """
        j.target = :target and j.state = QUEUED and j.releasedGeneration > 0
          and j.releasedGeneration = j.generation
          and\s"""
            + gone
            + Jobs.IN_ORDER,
        parameters,
        most);
  }
}
