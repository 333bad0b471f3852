package dev.qgjob.domain.testing;

import dev.qgjob.domain.blame.BlameStore;
import dev.qgjob.domain.blame.StateLeak;
import dev.qgjob.domain.fleet.Compatibility;
import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.fleet.FleetStore;
import dev.qgjob.domain.fleet.Hold;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.fleet.Worker;
import dev.qgjob.domain.job.Due;
import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobMachine;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Release;
import dev.qgjob.domain.job.Requeue;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.lease.JobStore;
import dev.qgjob.domain.placement.Board;
import dev.qgjob.domain.placement.BoardStore;
import dev.qgjob.domain.placement.Books;
import dev.qgjob.domain.placement.Figure;
import dev.qgjob.domain.placement.FigureKey;
import dev.qgjob.domain.placement.Heads;
import dev.qgjob.domain.placement.Ledger;
import dev.qgjob.domain.placement.Minutes;
import dev.qgjob.domain.placement.Remaining;
import dev.qgjob.domain.placement.Resource;
import dev.qgjob.domain.placement.Transfers;
import dev.qgjob.domain.report.Attempt;
import dev.qgjob.domain.report.AttemptReport;
import dev.qgjob.domain.report.ReportStore;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.report.Savings;
import dev.qgjob.domain.report.TestRef;
import dev.qgjob.domain.report.TestResult;
import dev.qgjob.domain.submit.AppVersion;
import dev.qgjob.domain.submit.Build;
import dev.qgjob.domain.submit.SubmissionStore;
import dev.qgjob.domain.submit.Watched;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The in-memory twin of the outbound stores; meets the same contracts as the database. */
public final class InMemoryStore
    implements JobStore, FleetStore, BoardStore, SubmissionStore, ReportStore, Books, BlameStore {
  private final Set<StateLeak> leaks = new LinkedHashSet<>();
  private final Map<String, Doubt> doubts = new LinkedHashMap<>();
  private final Map<String, Resource> resources = new java.util.TreeMap<>();
  private final Map<String, Hold> holds = new HashMap<>();
  private final Map<String, Watched> watched = new java.util.TreeMap<>();

  private final InstantSource clock;
  private final Map<String, Job> jobs = new LinkedHashMap<>();
  private final Map<String, Run> runs = new LinkedHashMap<>();
  private final Map<String, List<Build>> apps = new HashMap<>();
  private final Map<String, KeyedRun> keys = new HashMap<>();
  private final Map<String, AppFacts> blobs = new HashMap<>();
  private final Set<String> notApps = new HashSet<>();
  private final Map<String, Worker> workers = new LinkedHashMap<>();
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final Map<String, Ending> results = new LinkedHashMap<>();
  private final Map<String, List<Attempt>> attempts = new HashMap<>();
  private final Map<String, List<Requeue>> requeues = new HashMap<>();
  private final Map<String, String> startedUnder = new HashMap<>();
  private final Map<GroupKey, Home> homes = new HashMap<>();
  private final Map<GroupKey, Duration> runTimes = new HashMap<>();
  private final Map<GroupKey, Duration> setUps = new HashMap<>();
  private final Map<String, Board.Share> shares = new HashMap<>();
  private final Map<Target, Integer> caps = new HashMap<>();
  private final Map<Target, Map<String, Ledger.Entry>> accounts = new HashMap<>();
  private final Map<FigureKey, Figure> figures = new HashMap<>();
  private Instant bookedUntil = Instant.MIN;
  private final Set<Target> locked = EnumSet.noneOf(Target.class);
  private long ids;

  private record Home(String slotId, @Nullable Long pinnedAt) {}

  public InMemoryStore(InstantSource clock) {
    this.clock = clock;
  }

  private final Map<String, Integer> mostMinutes = new HashMap<>();
  private final Map<String, Duration> spent = new HashMap<>();

  /** Puts a blob there that reads as an app of this package, or as no app if null. */
  public void blob(String orgId, String sha256, @Nullable String packageName, String... abis) {
    if (packageName == null) {
      notApps.add(orgId + "/" + sha256);
    } else {
      blobs.put(orgId + "/" + sha256, new AppFacts(packageName, "1.0", 10, List.of(abis), 0, null));
    }
  }

  /** Everything that a transaction can change, as it is now. Blobs stay: they are no rows. */
  public Saved save() {
    Saved saved = new Saved();
    saved.jobs.putAll(jobs);
    saved.runs.putAll(runs);
    apps.forEach((app, builds) -> saved.apps.put(app, List.copyOf(builds)));
    saved.keys.putAll(keys);
    saved.workers.putAll(workers);
    saved.slots.putAll(slots);
    saved.results.putAll(results);
    attempts.forEach((job, list) -> saved.attempts.put(job, List.copyOf(list)));
    requeues.forEach((job, list) -> saved.requeues.put(job, List.copyOf(list)));
    saved.startedUnder.putAll(startedUnder);
    saved.homes.putAll(homes);
    saved.runTimes.putAll(runTimes);
    saved.setUps.putAll(setUps);
    accounts.forEach((target, orgs) -> saved.accounts.put(target, Map.copyOf(orgs)));
    saved.figures.putAll(figures);
    saved.bookedUntil = bookedUntil;
    saved.leaks.addAll(leaks);
    saved.doubts.putAll(doubts);
    saved.spent.putAll(spent);
    return saved;
  }

  /** Makes everything as it was: a transaction is rolled back. */
  public void restore(Saved saved) {
    refill(jobs, saved.jobs);
    refill(runs, saved.runs);
    apps.clear();
    saved.apps.forEach((app, builds) -> apps.put(app, new ArrayList<>(builds)));
    refill(keys, saved.keys);
    refill(workers, saved.workers);
    refill(slots, saved.slots);
    refill(results, saved.results);
    attempts.clear();
    saved.attempts.forEach((job, list) -> attempts.put(job, new ArrayList<>(list)));
    requeues.clear();
    saved.requeues.forEach((job, list) -> requeues.put(job, new ArrayList<>(list)));
    refill(startedUnder, saved.startedUnder);
    refill(homes, saved.homes);
    refill(runTimes, saved.runTimes);
    refill(setUps, saved.setUps);
    accounts.clear();
    saved.accounts.forEach((target, orgs) -> accounts.put(target, new HashMap<>(orgs)));
    refill(figures, saved.figures);
    bookedUntil = saved.bookedUntil;
    leaks.clear();
    leaks.addAll(saved.leaks);
    refill(doubts, saved.doubts);
    refill(spent, saved.spent);
  }

  private static <K, V> void refill(Map<K, V> map, Map<K, V> with) {
    map.clear();
    map.putAll(with);
  }

  /** What was there at one moment. */
  public static final class Saved {
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private final Map<String, Run> runs = new LinkedHashMap<>();
    private final Map<String, List<Build>> apps = new HashMap<>();
    private final Map<String, KeyedRun> keys = new HashMap<>();
    private final Map<String, Worker> workers = new LinkedHashMap<>();
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private final Map<String, Ending> results = new LinkedHashMap<>();
    private final Map<String, List<Attempt>> attempts = new HashMap<>();
    private final Map<String, List<Requeue>> requeues = new HashMap<>();
    private final Map<String, String> startedUnder = new HashMap<>();
    private final Map<GroupKey, Home> homes = new HashMap<>();
    private final Map<GroupKey, Duration> runTimes = new HashMap<>();
    private final Map<GroupKey, Duration> setUps = new HashMap<>();
    private final Map<Target, Map<String, Ledger.Entry>> accounts = new HashMap<>();
    private final Map<FigureKey, Figure> figures = new HashMap<>();
    private final Set<StateLeak> leaks = new LinkedHashSet<>();
    private final Map<String, Doubt> doubts = new LinkedHashMap<>();
    private final Map<String, Duration> spent = new HashMap<>();
    private Instant bookedUntil = Instant.MIN;

    private Saved() {}
  }

  /** Sets what an org may use. */
  public void share(String orgId, double weight, @Nullable Integer cap) {
    shares.put(orgId, new Board.Share(weight, cap == null ? Board.NO_CAP : cap, null));
  }

  /** Limits a target. */
  public void cap(Target target, int cap) {
    caps.put(target, cap);
  }

  /** Makes the next tick find the lock taken, or free again. */
  public void lockedElsewhere(Target target, boolean taken) {
    if (taken) {
      locked.add(target);
    } else {
      locked.remove(target);
    }
  }

  /** All jobs, as they are. */
  public List<Job> all() {
    return List.copyOf(jobs.values());
  }

  /** Results recorded: job id, attempt number. */
  public Map<String, Ending> results() {
    return Map.copyOf(results);
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public Optional<Job> find(String jobId) {
    return Optional.ofNullable(jobs.get(jobId));
  }

  @Override
  public List<Job> ofRun(String runId) {
    return jobs.values().stream().filter(j -> j.runId().equals(runId)).toList();
  }

  @Override
  public boolean replace(Job before, Job after, LeaseGuard guard) {
    Job now = jobs.get(before.id());
    if (now == null
        || now.generation() != before.generation()
        || now.state() != before.state()
        || !Objects.equals(token(now), token(before))
        || !holds(now, guard)) {
      return false;
    }
    jobs.put(after.id(), withRelease(after, now.release()));
    return true;
  }

  private boolean holds(Job job, LeaseGuard guard) {
    boolean live = job.lease() != null && job.lease().until().isAfter(now());
    return switch (guard) {
      case ANY -> true;
      case LIVE -> live;
      case EXPIRED -> job.lease() != null && !live;
    };
  }

  private static @Nullable String token(Job job) {
    return job.lease() == null ? null : job.lease().token();
  }

  @Override
  public List<Waiting> waiting(GroupKey group, String slotId, int most) {
    return queued(group).stream()
        .filter(job -> !job.interrupted() && due(job) && !handedElsewhere(job, slotId))
        .limit(most)
        .map(job -> new Waiting(job.id(), job.runId()))
        .toList();
  }

  @Override
  public int queuedOn(Target target, int most) {
    return (int)
        jobs.values().stream()
            .filter(job -> job.state() == JobState.QUEUED && job.group().target() == target)
            .limit(most)
            .count();
  }

  private static boolean handedElsewhere(Job job, String slotId) {
    Release release = job.release();
    return !job.unpublished()
        && release != null
        && release.slotId() != null
        && !release.slotId().equals(slotId);
  }

  private List<Job> queued(GroupKey group) {
    List<Job> queued = new ArrayList<>();
    for (Job job : jobs.values()) {
      if (job.state() == JobState.QUEUED && job.group().equals(group)) {
        queued.add(job);
      }
    }
    queued.sort(Due.ORDER);
    return queued;
  }

  @Override
  public Map<String, Integer> runningOn(Target target) {
    return runningJobs().stream()
        .filter(job -> job.group().target() == target)
        .collect(
            Collectors.toMap(
                job -> Objects.requireNonNull(job.lease()).slotId(), job -> 1, Integer::sum));
  }

  @Override
  public List<Job> underToken(String token) {
    return runningJobs().stream().filter(j -> token.equals(token(j))).toList();
  }

  @Override
  public boolean isHeld(String token) {
    return !underToken(token).isEmpty();
  }

  private List<Job> runningJobs() {
    List<Job> running = new ArrayList<>();
    for (Job job : jobs.values()) {
      if (job.state() == JobState.RUNNING) {
        running.add(job);
      }
    }
    return running;
  }

  @Override
  public Set<String> renew(
      String workerId, long incarnation, Collection<String> tokens, Duration lease) {
    Set<String> alive = new HashSet<>();
    for (Job job : runningJobs()) {
      Lease held = Objects.requireNonNull(job.lease());
      if (held.workerId().equals(workerId)
          && held.incarnation() == incarnation
          && tokens.contains(held.token())
          && held.until().isAfter(now())) {
        alive.add(job.id());
        jobs.put(
            job.id(),
            withLease(
                job,
                new Lease(held.token(), held.slotId(), workerId, incarnation, now().plus(lease))));
      }
    }
    return alive;
  }

  /** Moves the end of a lease, as nothing but a beat of its holder should. */
  public void lease(Job running, Instant until) {
    Lease held = Objects.requireNonNull(running.lease());
    jobs.put(
        running.id(),
        withLease(
            running,
            new Lease(held.token(), held.slotId(), held.workerId(), held.incarnation(), until)));
  }

  @Override
  public List<Job> expired(int most) {
    List<Job> expired = runningJobs();
    expired.removeIf(j -> !holds(j, LeaseGuard.EXPIRED));
    expired.sort(Comparator.comparing(j -> Objects.requireNonNull(j.lease()).until()));
    return expired.size() <= most ? expired : expired.subList(0, most);
  }

  @Override
  public List<Job> leasedBefore(String workerId, long incarnation) {
    return runningJobs().stream()
        .filter(
            j ->
                Objects.requireNonNull(j.lease()).workerId().equals(workerId)
                    && j.lease().incarnation() < incarnation)
        .toList();
  }

  @Override
  public void attemptStarted(Job running) {
    String key = running.id() + "#" + running.attempt();
    if (startedUnder.put(key, running.generation() + "/" + token(running)) != null) {
      throw new IllegalStateException(key + " began twice");
    }
    attempts
        .computeIfAbsent(running.id(), k -> new ArrayList<>())
        .add(
            new Attempt(
                running.id(),
                running.attempt(),
                Objects.requireNonNull(running.lease()).slotId(),
                JobState.RUNNING,
                null,
                null,
                running.attempt() == 1 ? Objects.requireNonNull(running.startedAt()) : now(),
                null,
                AttemptReport.NONE,
                List.of()));
  }

  @Override
  public boolean attemptEnded(String jobId, Transition.EndedAttempt ended, AttemptReport report) {
    if (results.putIfAbsent(jobId + "#" + ended.number(), ended.ending()) != null) {
      return false;
    }
    attempts
        .getOrDefault(jobId, new ArrayList<>())
        .replaceAll(a -> a.number() == ended.number() ? ended(a, ended.ending(), report) : a);
    return true;
  }

  private Attempt ended(Attempt attempt, Ending ending, AttemptReport report) {
    return new Attempt(
        attempt.jobId(),
        attempt.number(),
        attempt.slotId(),
        ending.outcome(),
        ending.kind(),
        ending.message(),
        attempt.startedAt(),
        now(),
        report,
        attempt.artefacts());
  }

  @Override
  public void requeued(Requeue requeue) {
    requeues.computeIfAbsent(requeue.jobId(), k -> new ArrayList<>()).add(requeue);
  }

  @Override
  public List<Requeue> lostAt(Collection<String> slotIds, Instant after) {
    return requeues.values().stream()
        .flatMap(List::stream)
        .filter(r -> r.reason() == Requeue.Reason.LEASE_LOST && r.at().isAfter(after))
        .filter(r -> r.slotId() != null && slotIds.contains(r.slotId()))
        .sorted(Comparator.comparing(Requeue::at).thenComparing(Requeue::jobId))
        .toList();
  }

  @Override
  public List<Requeue> requeues(String jobId) {
    return List.copyOf(requeues.getOrDefault(jobId, List.of()));
  }

  @Override
  public List<Run> runs(@Nullable String orgId, int most) {
    List<Run> newestFirst = new ArrayList<>(runs.values());
    Collections.reverse(newestFirst);
    return newestFirst.stream()
        .filter(r -> orgId == null || r.orgId().equals(orgId))
        .limit(most)
        .toList();
  }

  @Override
  public Optional<Job> job(String jobId) {
    return find(jobId);
  }

  @Override
  public List<Job> jobsOf(Collection<String> runIds) {
    return jobs.values().stream()
        .filter(j -> runIds.contains(j.runId()))
        .sorted(Comparator.comparing(Job::id))
        .toList();
  }

  @Override
  public Map<String, List<Attempt>> attemptsOf(Collection<String> jobIds) {
    return attempts.entrySet().stream()
        .filter(e -> jobIds.contains(e.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, e -> List.copyOf(e.getValue())));
  }

  @Override
  public Set<Target> liveTargets(Duration lease) {
    return slots.values().stream()
        .filter(s -> s.live(now(), lease))
        .map(Slot::target)
        .collect(Collectors.toSet());
  }

  @Override
  public Map<String, Savings> savings(Collection<String> runIds) {
    Map<String, Savings> savings = new HashMap<>();
    for (String runId : runIds) {
      Map<GroupKey, List<String>> byGroup = new HashMap<>();
      for (Job job : ofRun(runId)) {
        if (attempts.getOrDefault(job.id(), List.of()).stream()
            .anyMatch(a -> a.finishedAt() != null)) {
          byGroup.computeIfAbsent(job.group(), k -> new ArrayList<>()).add(job.id());
        }
      }
      if (!byGroup.isEmpty()) {
        savings.put(
            runId,
            Savings.sum(
                byGroup.values().stream().map(ids -> savings(ids, Instant.MIN, null)).toList()));
      }
    }
    return savings;
  }

  @Override
  public Map<LocalDate, Savings> daily(@Nullable String orgId, Instant from) {
    Map<LocalDate, Savings> days = new HashMap<>();
    Set<LocalDate> dates = new HashSet<>();
    Map<GroupKey, List<String>> byGroup = new HashMap<>();
    attempts.forEach(
        (jobId, ofJob) -> {
          GroupKey group = Objects.requireNonNull(jobs.get(jobId)).group();
          if (orgId == null || group.orgId().equals(orgId)) {
            byGroup.computeIfAbsent(group, k -> new ArrayList<>()).add(jobId);
            ofJob.stream()
                .flatMap(a -> Optional.ofNullable(a.finishedAt()).stream())
                .filter(at -> !at.isBefore(from))
                .forEach(at -> dates.add(LocalDate.ofInstant(at, ZoneOffset.UTC)));
          }
        });
    for (LocalDate day : dates) {
      days.put(
          day, Savings.sum(byGroup.values().stream().map(g -> savings(g, from, day)).toList()));
    }
    return days;
  }

  /** Of jobs of one group. */
  private Savings savings(List<String> jobIds, Instant from, @Nullable LocalDate on) {
    int installs = 0;
    int stock = 0;
    Duration setUp = Duration.ZERO;
    for (String id : jobIds) {
      for (Attempt a : attempts.getOrDefault(id, List.of())) {
        Instant at = a.finishedAt();
        if (at != null
            && !at.isBefore(from)
            && (on == null || LocalDate.ofInstant(at, ZoneOffset.UTC).equals(on))) {
          installs += a.report().installs();
          stock += a.report().stockInstalls();
          setUp = a.report().installs() > 0 ? setUp.plus(a.report().setUp()) : setUp;
        }
      }
    }
    return Savings.of(
        installs, stock, setUp, setUp(Objects.requireNonNull(jobs.get(jobIds.get(0))).group()));
  }

  @Override
  public int before(Job queued) {
    return (int)
        queued(queued.group()).stream()
            .filter(other -> Due.ORDER.compare(other, queued) < 0)
            .count();
  }

  @Override
  public Map<String, String> runningOn() {
    return running();
  }

  @Override
  public Map<String, List<TestRef>> failedTests(Collection<String> jobIds) {
    Map<String, List<TestRef>> failed = new HashMap<>();
    attemptsOf(jobIds)
        .forEach(
            (job, all) ->
                all.stream()
                    .filter(attempt -> attempt.outcome() == JobState.FAILED)
                    .reduce((earlier, later) -> later)
                    .map(last -> last.report().tests().stream())
                    .map(tests -> tests.filter(TestResult::wentWrong).map(TestResult::ref).toList())
                    .filter(tests -> !tests.isEmpty())
                    .ifPresent(tests -> failed.put(job, tests)));
    return failed;
  }

  @Override
  public Optional<Ending> recorded(String jobId, long generation, String token) {
    String asked = generation + "/" + token;
    for (Attempt attempt : attempts.getOrDefault(jobId, List.of())) {
      String key = jobId + "#" + attempt.number();
      if (asked.equals(startedUnder.get(key)) && results.containsKey(key)) {
        return Optional.of(results.get(key));
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<Run> run(String runId) {
    return Optional.ofNullable(runs.get(runId));
  }

  @Override
  public Optional<Build> build(GroupKey group) {
    for (Build build : apps.getOrDefault(group.orgId() + "/" + group.appVersionId(), List.of())) {
      if (build.number() == group.build()) {
        return Optional.of(build);
      }
    }
    return Optional.empty();
  }

  @Override
  public Optional<Worker> worker(String workerId) {
    return Optional.ofNullable(workers.get(workerId));
  }

  @Override
  public Map<String, Worker> lockFreeWorkers(Collection<String> workerIds) {
    Map<String, Worker> free = new HashMap<>();
    workerIds.forEach(id -> worker(id).ifPresent(worker -> free.put(id, worker)));
    return free;
  }

  @Override
  public Optional<Worker> lockWorker(String workerId) {
    return worker(workerId);
  }

  @Override
  public void saveWorker(Worker worker) {
    workers.put(worker.id(), worker);
  }

  @Override
  public Optional<Slot> slot(String slotId) {
    return Optional.ofNullable(slots.get(slotId));
  }

  @Override
  public List<Slot> slotsOf(String workerId) {
    List<Slot> mine = new ArrayList<>();
    for (Slot slot : slots.values()) {
      if (slot.workerId().equals(workerId)) {
        mine.add(slot);
      }
    }
    return mine;
  }

  @Override
  public List<Slot> slots() {
    List<Slot> all = new ArrayList<>(slots.values());
    all.sort(Comparator.comparing(Slot::id));
    return all;
  }

  private List<Slot> live(Target target, Duration lease) {
    Instant now = now();
    List<Slot> live = new ArrayList<>();
    for (Slot slot : slots()) {
      if (slot.target() == target && slot.live(now, lease)) {
        live.add(slot);
      }
    }
    return live;
  }

  @Override
  public void saveSlot(Slot slot) {
    slots.put(slot.id(), slot);
  }

  @Override
  public void beaten(String workerId, Instant at) {
    workers.computeIfPresent(
        workerId,
        (id, w) ->
            new Worker(
                id,
                w.name(),
                w.incarnation(),
                w.stateProofHash(),
                w.registration(),
                w.draining(),
                at,
                w.untrusted()));
    slotsOf(workerId).forEach(slot -> saveSlot(slot.heardOf(at)));
  }

  @Override
  public void removeSlot(String slotId) {
    slots.remove(slotId);
  }

  @Override
  public void noteInbox(String slotId, List<Fleet.InboxEntry> inbox) {
    for (Fleet.InboxEntry entry : inbox) {
      Job job = jobs.get(entry.jobId());
      if (job != null
          && job.state() == JobState.QUEUED
          && job.generation() == entry.generation()
          && job.release() != null) {
        Release r = job.release();
        jobs.put(
            job.id(),
            withRelease(job, new Release(r.generation(), r.slotId(), r.at(), slotId, now())));
      }
    }
  }

  @Override
  public Map<String, String> running() {
    Map<String, String> bySlot = new HashMap<>();
    runningJobs()
        .forEach(j -> bySlot.putIfAbsent(Objects.requireNonNull(j.lease()).slotId(), j.id()));
    return bySlot;
  }

  @Override
  public boolean lock(Target target) {
    return !locked.contains(target);
  }

  @Override
  public boolean hasRoom(Target target, Duration lease) {
    Set<String> waitedAt = new HashSet<>();
    for (Job job : jobs.values()) {
      Release release = job.release();
      if (job.state() == JobState.QUEUED
          && release != null
          && release.generation() == job.generation()) {
        Home home = homes.get(job.group());
        waitedAt.add(
            release.slotId() != null
                ? release.slotId()
                : release.notedSlotId() != null
                    ? release.notedSlotId()
                    : home == null ? "" : home.slotId());
      }
    }
    return slots().stream()
        .filter(s -> !holds().containsKey(s.id()))
        .anyMatch(s -> s.target() == target && s.live(now(), lease) && !waitedAt.contains(s.id()));
  }

  @Override
  public Board read(Target target, Duration lease) {
    List<Slot> live = live(target, lease);
    Set<GroupKey> groups = new LinkedHashSet<>();
    for (Job job : jobs.values()) {
      if (job.state() == JobState.QUEUED && job.group().target() == target) {
        groups.add(job.group());
      }
    }
    Map<String, List<Job>> bySlot = new HashMap<>();
    for (Job job : runningJobs()) {
      if (job.group().target() == target) {
        bySlot
            .computeIfAbsent(Objects.requireNonNull(job.lease()).slotId(), k -> new ArrayList<>())
            .add(job);
      }
    }
    List<Board.WaitingGroup> waiting = new ArrayList<>();
    heads(groups, live, bySlot).forEach((group, most) -> waiting.add(group(group, most)));
    List<Board.SlotLoad> loads = new ArrayList<>();
    for (Slot slot : live) {
      List<Job> here = bySlot.getOrDefault(slot.id(), List.of());
      loads.add(
          here.isEmpty()
              ? new Board.SlotLoad(slot, 0)
              : new Board.SlotLoad(
                      slot,
                      here.size(),
                      Remaining.of(
                          settingUp(here),
                          tests(here),
                          here.size(),
                          Duration.between(since(here), now())))
                  .of(here.get(0).group().orgId()));
    }
    Map<String, Board.Share> orgs = new HashMap<>();
    groups.forEach(g -> orgs.computeIfAbsent(g.orgId(), org -> share(org, target)));
    bySlot
        .values()
        .forEach(
            here ->
                orgs.computeIfPresent(
                    here.get(0).group().orgId(), (org, share) -> share.servedMore(expected(here))));
    loads.replaceAll(this::held);
    return new Board(
        target,
        now(),
        waiting,
        loads,
        suspects(),
        orgs,
        caps.getOrDefault(target, Board.NO_CAP),
        takeStock(resources.keySet()));
  }

  /** As {@link Heads}, in the order of the groups. */
  private static Map<GroupKey, Integer> heads(
      Set<GroupKey> groups, List<Slot> live, Map<String, List<Job>> bySlot) {
    int idle = (int) live.stream().filter(slot -> !bySlot.containsKey(slot.id())).count();
    Map<GroupKey, Integer> slots = new LinkedHashMap<>();
    groups.forEach(group -> slots.put(group, idle));
    bySlot.values().forEach(here -> slots.computeIfPresent(here.get(0).group(), (g, n) -> n + 1));
    slots.putAll(Heads.most(slots));
    return slots;
  }

  private Board.Share share(String org, Target target) {
    Board.Share set = shares.getOrDefault(org, Board.Share.EQUAL);
    double tag = accounts.getOrDefault(target, Map.of()).getOrDefault(org, Ledger.Entry.NEW).tag();
    return new Board.Share(
        set.weight(),
        set.cap(),
        Duration.ofMillis(Math.round(tag * set.weight())),
        target == Target.BROWSERSTACK ? minutes(org).orElse(null) : null);
  }

  /** What an org may use of BrowserStack in a month. */
  public void browserStackMinutes(String orgId, int most) {
    mostMinutes.put(orgId, most);
  }

  @Override
  public Optional<Minutes> minutes(String orgId) {
    return Optional.ofNullable(mostMinutes.get(orgId))
        .map(
            most ->
                new Minutes(
                    most,
                    spent.getOrDefault(orgId + " " + Minutes.monthOf(now()), Duration.ZERO),
                    Minutes.resetAfter(now())));
  }

  @Override
  public void spend(String orgId, YearMonth month, Duration more) {
    spent.merge(orgId + " " + month, more, Duration::plus);
  }

  private Instant since(List<Job> here) {
    Instant since = now();
    for (Job job : here) {
      for (Attempt attempt : attempts.getOrDefault(job.id(), List.of())) {
        if (attempt.number() == job.attempt() && attempt.startedAt().isBefore(since)) {
          since = attempt.startedAt();
        }
      }
    }
    return since;
  }

  private Duration expected(List<Job> here) {
    return settingUp(here).plus(tests(here));
  }

  private Duration tests(List<Job> here) {
    return here.stream().map(this::forecast).reduce(Duration.ZERO, Duration::plus);
  }

  private Duration settingUp(List<Job> here) {
    Job first = here.get(0);
    Slot slot = slots.get(Objects.requireNonNull(first.lease()).slotId());
    Build build = build(first.group()).orElseThrow();
    return slot != null && !build.sha256().equals(slot.holds().get(build.packageName()))
        ? setUp(first.group())
        : Duration.ZERO;
  }

  private Duration forecast(Job job) {
    return figure(job, job.group()).orElseGet(() -> meanRun(job.group()));
  }

  private Optional<Duration> figure(Job job, GroupKey group) {
    Figure known =
        figures.isEmpty()
            ? null
            : figures.get(
                FigureKey.spec(
                    group.orgId(), packageOf(group).orElseThrow(), group.target(), job.testPath()));
    return Optional.ofNullable(known).map(Figure::mean).map(job.part()::share);
  }

  @Override
  public Optional<String> packageOf(GroupKey group) {
    return build(group).map(Build::packageName);
  }

  private Duration meanRun(GroupKey group) {
    Duration ofBuild = runTimes.get(group);
    return ofBuild != null
        ? ofBuild
        : figures.isEmpty()
            ? DEFAULT_RUN
            : Optional.ofNullable(
                    figures.get(
                        FigureKey.run(
                            group.orgId(), packageOf(group).orElseThrow(), group.target())))
                .map(Figure::mean)
                .orElse(DEFAULT_RUN);
  }

  private Duration setUp(GroupKey group) {
    Duration ofBuild = setUps.get(group);
    return ofBuild != null
        ? ofBuild
        : figures.isEmpty()
            ? DEFAULT_SET_UP
            : Optional.ofNullable(
                    figures.get(
                        FigureKey.setUp(
                            group.orgId(), packageOf(group).orElseThrow(), group.target())))
                .map(Figure::mean)
                .orElse(DEFAULT_SET_UP);
  }

  @Override
  public boolean lock() {
    return true;
  }

  @Override
  public List<Ended> takeEnded(int most) {
    Instant upTo = now().minus(SETTLED);
    List<Ended> ended = new ArrayList<>();
    for (List<Attempt> ofJob : attempts.values()) {
      for (Attempt a : ofJob) {
        Instant at = a.finishedAt();
        if (at != null && at.isAfter(bookedUntil) && !at.isAfter(upTo)) {
          Job job = Objects.requireNonNull(jobs.get(a.jobId()));
          AttemptReport report = a.report();
          if (!report.setUp().isZero() || !report.run().isZero()) {
            ended.add(
                new Ended(
                    job.group().orgId(),
                    packageOf(job.group()).orElseThrow(),
                    job.group().target(),
                    job.testPath(),
                    job.part().of(),
                    report.installs(),
                    report.setUp(),
                    report.run(),
                    at));
          }
        }
      }
    }
    ended.sort(Comparator.comparing(Ended::at));
    bookedUntil = upTo;
    return ended;
  }

  @Override
  public Map<Target, Set<String>> active() {
    Map<Target, Set<String>> active = new HashMap<>();
    for (Target target : Target.values()) {
      active.put(target, new HashSet<>());
    }
    for (Job job : jobs.values()) {
      if (!job.state().isVerdict()) {
        active.get(job.group().target()).add(job.group().orgId());
      }
    }
    return active;
  }

  @Override
  public Map<String, Double> weights() {
    Map<String, Double> weights = new HashMap<>();
    shares.forEach((org, share) -> weights.put(org, share.weight()));
    return weights;
  }

  @Override
  public Map<String, Ledger.Entry> accounts(Target target) {
    return Map.copyOf(accounts.getOrDefault(target, Map.of()));
  }

  @Override
  public void save(Target target, Map<String, Ledger.Entry> changed) {
    accounts.computeIfAbsent(target, t -> new HashMap<>()).putAll(changed);
  }

  @Override
  public Map<FigureKey, Figure> figures(Collection<FigureKey> keys) {
    Map<FigureKey, Figure> found = new HashMap<>(figures);
    found.keySet().retainAll(new HashSet<>(keys));
    return found;
  }

  @Override
  public void save(Map<FigureKey, Figure> measured) {
    figures.putAll(measured);
  }

  @Override
  public Set<String> suspects() {
    Set<String> workers = new HashSet<>();
    for (Job job : jobs.values()) {
      if (job.suspect() && job.lease() != null) {
        workers.add(job.lease().workerId());
      } else if (job.suspect() && job.state() == JobState.QUEUED && !job.unpublished()) {
        Slot slot = slots.get(String.valueOf(Objects.requireNonNull(job.release()).slotId()));
        if (slot != null) {
          workers.add(slot.workerId());
        }
      }
    }
    return workers;
  }

  private Map<String, String> wish(Job job) {
    Run run = runs.get(job.runId());
    return run == null ? Map.of() : run.device();
  }

  private Compatibility compatibility(Job job) {
    return build(job.group()).orElseThrow().compatibility();
  }

  private Stream<Slot> wishedFor(Job job) {
    Map<String, String> wish = wish(job);
    return slots.values().stream().filter(s -> s.target() == job.group().target() && s.has(wish));
  }

  private boolean canBeMet(Job job) {
    return wish(job).isEmpty() || wishedFor(job).anyMatch(Slot::attached);
  }

  @Override
  public Map<String, Hold> holds() {
    Map<String, Hold> now = new HashMap<>(holds);
    now.values().removeIf(hold -> !hold.until().isAfter(now()));
    return now;
  }

  @Override
  public void hold(Hold hold) {
    holds.put(hold.slotId(), hold);
  }

  @Override
  public boolean release(String slotId) {
    return holds.remove(slotId) != null;
  }

  private Board.SlotLoad held(Board.SlotLoad load) {
    Hold hold = holds().get(load.slot().id());
    return hold == null ? load : load.heldFor(Duration.between(now(), hold.until()));
  }

  private record Doubt(String slotId, Instant at) {}

  @Override
  public void leaks(StateLeak leak) {
    leaks.add(leak);
  }

  @Override
  public Set<String> leaking(String orgId, String packageName, Collection<String> specs) {
    return specs.stream()
        .filter(spec -> leaks.contains(new StateLeak(orgId, packageName, spec)))
        .collect(Collectors.toSet());
  }

  @Override
  public void forgetLeaks(String orgId, String packageName, Collection<String> specs) {
    specs.forEach(spec -> leaks.remove(new StateLeak(orgId, packageName, spec)));
  }

  @Override
  public void passedOn(String jobId, String slotId) {
    for (Attempt attempt : attempts.getOrDefault(jobId, List.of())) {
      if (attempt.outcome() == JobState.FAILED && !attempt.slotId().equals(slotId)) {
        doubts.putIfAbsent(jobId + "/" + attempt.number(), new Doubt(attempt.slotId(), now()));
      }
    }
  }

  @Override
  public Map<String, Integer> doubts(Duration within) {
    Instant since = now().minus(within);
    return doubts.values().stream()
        .filter(doubt -> doubt.at().isAfter(since))
        .collect(Collectors.toMap(Doubt::slotId, doubt -> 1, Integer::sum));
  }

  @Override
  public void watch(Watched run) {
    watched.put(run.runId(), run);
  }

  @Override
  public void seen(String runId) {
    watched.computeIfPresent(runId, (id, run) -> new Watched(id, now(), run.patience()));
  }

  @Override
  public List<Watched> watched() {
    return List.copyOf(watched.values());
  }

  void resource(Resource resource) {
    resources.put(resource.key(), resource);
  }

  @Override
  public List<Resource> resources(String orgId) {
    return resources.values().stream().filter(r -> r.orgId().equals(orgId)).toList();
  }

  private Set<String> resourcesOf(Job job) {
    Run run = runs.get(job.runId());
    return run == null ? Set.of() : run.resourceKeys();
  }

  private boolean inStock(Job job) {
    Set<String> asked = resourcesOf(job);
    return asked.isEmpty() || takeStock(asked).values().stream().allMatch(left -> left > 0);
  }

  @Override
  public Map<String, Integer> takeStock(Set<String> keys) {
    Map<String, Integer> left = new HashMap<>();
    for (String key : keys) {
      Resource resource = resources.get(key);
      if (resource != null) {
        long used =
            jobs.values().stream()
                .filter(
                    job ->
                        job.state() == JobState.RUNNING
                            || (job.state() == JobState.QUEUED && !job.unpublished()))
                .filter(job -> resourcesOf(job).contains(key))
                .count();
        left.put(key, resource.count() - (int) used);
      }
    }
    return left;
  }

  @Override
  public List<Transfers.Candidate> transferable(Board here, int most) {
    Target into = here.target();
    Map<GroupKey, Integer> found = new HashMap<>();
    return jobs.values().stream()
        .filter(job -> job.group().target() != into && job.unpublished() && due(job))
        .filter(job -> job.transfers() < JobMachine.MOST_TRANSFERS && allows(job, into))
        .filter(
            job ->
                here.slots().stream()
                    .map(Board.SlotLoad::slot)
                    .anyMatch(slot -> slot.has(wish(job)) && compatibility(job).allows(slot)))
        .filter(
            job ->
                into != Target.BROWSERSTACK
                    || minutes(job.group().orgId()).filter(Minutes::spent).isEmpty())
        .sorted(Due.ORDER)
        .filter(job -> found.merge(job.group(), 1, Integer::sum) <= most)
        .map(job -> candidate(job, here))
        .toList();
  }

  private boolean allows(Job job, Target target) {
    Run run = runs.get(job.runId());
    return run != null && run.jobsMayMove() && run.projects().containsKey(target);
  }

  private Transfers.Candidate candidate(Job job, Board into) {
    Build build = build(job.group()).orElseThrow();
    GroupKey here = job.group().on(into.target());
    return new Transfers.Candidate(
        job,
        wish(job),
        build.packageName(),
        build.sha256(),
        forecast(job),
        figure(job, here).orElseGet(() -> forecast(job)),
        setUp(here),
        Duration.ZERO,
        compatibility(job)
            .among(into.slots().stream().map(Board.SlotLoad::slot).toList(), List::of));
  }

  private Board.WaitingGroup group(GroupKey key, int mostHeads) {
    Build build = build(key).orElseThrow();
    Home home = homes.get(key);
    List<Job> queued = queued(key);
    List<Job> heads = new ArrayList<>();
    List<Job> released = new ArrayList<>();
    for (Job job : queued) {
      if (!job.unpublished()) {
        released.add(job);
      } else if (heads.size() < mostHeads && due(job) && canBeMet(job) && inStock(job)) {
        heads.add(job);
      }
    }
    int orgBusy = 0;
    Set<String> orgSlots = new HashSet<>();
    Set<String> runningOn = new HashSet<>();
    for (Job job : jobs.values()) {
      if (job.state().isVerdict() || job.unpublished()) {
        continue;
      }
      GroupKey other = job.group();
      boolean runs = job.state() == JobState.RUNNING;
      if (other.orgId().equals(key.orgId()) && other.target() == key.target()) {
        if (!runs || orgSlots.add(Objects.requireNonNull(job.lease()).slotId())) {
          orgBusy++;
        }
      }
      if (runs && other.equals(key)) {
        runningOn.add(Objects.requireNonNull(job.lease()).slotId());
      }
    }
    Duration runTime = meanRun(key);
    Map<String, Board.Need> needs = new HashMap<>();
    Duration work = Duration.ZERO;
    Duration longest = Duration.ZERO;
    for (List<Job> some : List.of(heads, released)) {
      for (Job job : some) {
        Duration forecast = forecast(job);
        needs.put(
            job.id(),
            new Board.Need(
                forecast,
                wish(job),
                resourcesOf(job),
                compatibility(job)
                    .among(wishedFor(job).filter(Slot::attached).toList(), List::of)));
        work = work.plus(forecast);
        longest = forecast.compareTo(longest) > 0 ? forecast : longest;
      }
    }
    return new Board.WaitingGroup(
        key,
        orgBusy,
        home == null ? null : home.slotId(),
        home == null ? null : home.pinnedAt(),
        build.packageName(),
        build.sha256(),
        queued.size(),
        runningOn,
        heads,
        released,
        runTime,
        setUp(key),
        work.plus(runTime.multipliedBy(queued.size() - needs.size())),
        needs.isEmpty() ? runTime : longest,
        needs);
  }

  private boolean due(Job job) {
    return job.notBefore() == null || !job.notBefore().isAfter(now());
  }

  @Override
  public void released(List<Released> released) {
    for (Released r : released) {
      Job job = jobs.get(r.jobId());
      if (job != null && job.generation() == r.generation()) {
        jobs.put(
            job.id(), withRelease(job, new Release(r.generation(), r.slotId(), now(), null, null)));
      }
    }
  }

  @Override
  public void home(GroupKey group, String slotId, @Nullable Long pinnedAt) {
    homes.put(group, new Home(slotId, pinnedAt));
  }

  @Override
  public void learned(GroupKey group, @Nullable Duration setUp, Duration run) {
    runTimes.merge(group, run, InMemoryStore::mean);
    if (setUp != null) {
      setUps.merge(group, setUp, InMemoryStore::mean);
    }
  }

  @Override
  public Optional<Duration> runTime(GroupKey group) {
    return Optional.ofNullable(runTimes.get(group));
  }

  private static Duration mean(Duration old, Duration latest) {
    return Duration.ofMillis(
        Math.round(old.toMillis() * (1 - NEWEST_WEIGHT) + latest.toMillis() * NEWEST_WEIGHT));
  }

  @Override
  public List<Job> unreported(Target target, Duration grace, Duration lease, int most) {
    Set<String> live = new HashSet<>();
    live(target, lease).forEach(s -> live.add(s.id()));
    live.removeAll(holds().keySet());
    List<Job> lost = new ArrayList<>();
    for (Job job : jobs.values()) {
      if (lost.size() < most
          && job.state() == JobState.QUEUED
          && job.group().target() == target
          && !job.unpublished()
          && lost(Objects.requireNonNull(job.release()), live, grace)) {
        lost.add(job);
      }
    }
    return lost;
  }

  private boolean lost(Release release, Set<String> live, Duration grace) {
    if (release.slotId() != null && !live.contains(release.slotId())) {
      return true;
    }
    if (release.notedSlotId() != null && holds().containsKey(release.notedSlotId())) {
      return true;
    }
    Instant seen = release.notedAt() == null ? release.at() : release.notedAt();
    return !live.isEmpty() && !seen.plus(grace).isAfter(now());
  }

  @Override
  public String newId(String prefix) {
    return String.format("%s_%08d", prefix, ++ids);
  }

  @Override
  public boolean hasBlob(String orgId, String sha256) {
    String key = orgId + "/" + sha256;
    return blobs.containsKey(key) || notApps.contains(key);
  }

  @Override
  public Optional<AppFacts> readApp(String orgId, String sha256) {
    return Optional.ofNullable(blobs.get(orgId + "/" + sha256));
  }

  @Override
  public Optional<AppVersion> app(String orgId, String appVersionId) {
    return Optional.ofNullable(apps.get(orgId + "/" + appVersionId))
        .map(builds -> new AppVersion(orgId, appVersionId, builds));
  }

  @Override
  public List<Build> newestBuilds(String orgId, int most) {
    return apps.values().stream()
        .flatMap(List::stream)
        .filter(build -> build.orgId().equals(orgId))
        .sorted(
            Comparator.comparing(Build::createdAt)
                .thenComparing(Build::appVersionId)
                .thenComparing(Build::number)
                .reversed())
        .limit(most)
        .toList();
  }

  @Override
  public void addBuild(Build build) {
    apps.computeIfAbsent(build.orgId() + "/" + build.appVersionId(), k -> new ArrayList<>())
        .add(build);
  }

  @Override
  public Optional<KeyedRun> byKey(String orgId, String idempotencyKey) {
    return Optional.ofNullable(keys.get(orgId + "/" + idempotencyKey));
  }

  @Override
  public boolean add(Run run, List<Job> queued, @Nullable String idempotencyKey, String bodyHash) {
    if (idempotencyKey != null
        && keys.putIfAbsent(run.orgId() + "/" + idempotencyKey, new KeyedRun(run.id(), bodyHash))
            != null) {
      return false;
    }
    runs.put(run.id(), run);
    queued.forEach(j -> jobs.put(j.id(), j));
    return true;
  }

  @Override
  public List<Slot> liveSlots(Target target) {
    return slots.values().stream()
        .filter(s -> s.target() == target && s.live(now(), Duration.ofMinutes(1)))
        .toList();
  }

  @Override
  public Optional<Run> newestRun(String orgId, String appVersionId) {
    return runs.values().stream()
        .filter(r -> r.orgId().equals(orgId) && r.appVersionId().equals(appVersionId))
        .reduce((older, newer) -> newer);
  }

  private static Job withRelease(Job j, @Nullable Release release) {
    return j.with(j.lease(), release);
  }

  private static Job withLease(Job j, @Nullable Lease lease) {
    return j.with(lease, j.release());
  }
}
