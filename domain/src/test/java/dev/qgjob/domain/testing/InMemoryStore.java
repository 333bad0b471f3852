package dev.qgjob.domain.testing;

import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.fleet.FleetStore;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.fleet.Worker;
import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Release;
import dev.qgjob.domain.job.Requeue;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.lease.JobStore;
import dev.qgjob.domain.placement.Board;
import dev.qgjob.domain.placement.BoardStore;
import dev.qgjob.domain.report.Attempt;
import dev.qgjob.domain.report.AttemptReport;
import dev.qgjob.domain.report.ReportStore;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.submit.AppVersion;
import dev.qgjob.domain.submit.Build;
import dev.qgjob.domain.submit.SubmissionStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
    implements JobStore, FleetStore, BoardStore, SubmissionStore, ReportStore {
  private static final Comparator<Job> ORDER =
      Comparator.comparing((Job j) -> !j.interrupted())
          .thenComparing(j -> -j.priority())
          .thenComparing(Job::createdAt)
          .thenComparing(Job::id);

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
  private final Set<Target> locked = EnumSet.noneOf(Target.class);
  private long ids;

  private record Home(String slotId, @Nullable Long pinnedAt) {}

  public InMemoryStore(InstantSource clock) {
    this.clock = clock;
  }

  /** Puts a blob there that reads as an app of this package, or as no app if null. */
  public void blob(String orgId, String sha256, @Nullable String packageName) {
    if (packageName == null) {
      notApps.add(orgId + "/" + sha256);
    } else {
      blobs.put(orgId + "/" + sha256, new AppFacts(packageName, "1.0", 10));
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
    saved.startedUnder.putAll(startedUnder);
    saved.homes.putAll(homes);
    saved.runTimes.putAll(runTimes);
    saved.setUps.putAll(setUps);
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
    refill(startedUnder, saved.startedUnder);
    refill(homes, saved.homes);
    refill(runTimes, saved.runTimes);
    refill(setUps, saved.setUps);
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
    private final Map<String, String> startedUnder = new HashMap<>();
    private final Map<GroupKey, Home> homes = new HashMap<>();
    private final Map<GroupKey, Duration> runTimes = new HashMap<>();
    private final Map<GroupKey, Duration> setUps = new HashMap<>();

    private Saved() {}
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
  public List<Job> waiting(GroupKey group, int most) {
    return queued(group).sorted(ORDER).limit(most).toList();
  }

  private Stream<Job> queued(GroupKey group) {
    return jobs.values().stream()
        .filter(j -> j.state() == JobState.QUEUED && j.group().equals(group));
  }

  @Override
  public List<Job> underToken(String token) {
    return runningJobs().filter(j -> token.equals(token(j))).toList();
  }

  private Stream<Job> runningJobs() {
    return jobs.values().stream().filter(j -> j.state() == JobState.RUNNING);
  }

  @Override
  public Set<String> renew(
      String workerId, long incarnation, Collection<String> tokens, Duration lease) {
    Set<String> alive = new HashSet<>();
    for (Job job : runningJobs().toList()) {
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

  @Override
  public List<Job> expired(int most) {
    return runningJobs()
        .filter(j -> holds(j, LeaseGuard.EXPIRED))
        .sorted(Comparator.comparing(j -> Objects.requireNonNull(j.lease()).until()))
        .limit(most)
        .toList();
  }

  @Override
  public List<Job> leasedBefore(String workerId, long incarnation) {
    return runningJobs()
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
  public Map<String, Integer> ahead(Collection<GroupKey> groups) {
    Map<String, Integer> ahead = new HashMap<>();
    for (GroupKey group : groups) {
      int place = 0;
      for (Job job : queued(group).sorted(ORDER).toList()) {
        ahead.put(job.id(), place++);
      }
    }
    return ahead;
  }

  @Override
  public Map<String, String> runningOn() {
    return running();
  }

  @Override
  public Optional<Ending> recorded(String jobId, long generation, String token) {
    return startedUnder.entrySet().stream()
        .filter(e -> e.getKey().startsWith(jobId + "#"))
        .filter(e -> e.getValue().equals(generation + "/" + token))
        .flatMap(e -> Optional.ofNullable(results.get(e.getKey())).stream())
        .findFirst();
  }

  @Override
  public Optional<Run> run(String runId) {
    return Optional.ofNullable(runs.get(runId));
  }

  @Override
  public Optional<Build> build(GroupKey group) {
    return app(group.orgId(), group.appVersionId())
        .flatMap(a -> a.builds().stream().filter(b -> b.number() == group.build()).findFirst());
  }

  @Override
  public Optional<Worker> worker(String workerId) {
    return Optional.ofNullable(workers.get(workerId));
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
    return slots.values().stream().filter(s -> s.workerId().equals(workerId)).toList();
  }

  @Override
  public List<Slot> slots() {
    return slots.values().stream().sorted(Comparator.comparing(Slot::id)).toList();
  }

  @Override
  public void saveSlot(Slot slot) {
    slots.put(slot.id(), slot);
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
  public Board read(Target target, Duration lease) {
    List<Slot> live =
        slots().stream().filter(s -> s.target() == target && s.live(now(), lease)).toList();
    List<GroupKey> groups =
        jobs.values().stream()
            .filter(j -> j.state() == JobState.QUEUED && j.group().target() == target)
            .map(Job::group)
            .distinct()
            .toList();
    return new Board(
        target,
        now(),
        groups.stream().map(g -> group(g, 2 * live.size() + 8)).toList(),
        live.stream().map(s -> new Board.SlotLoad(s, runningOn(s.id()))).toList(),
        suspects());
  }

  private Set<String> suspects() {
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

  private int runningOn(String slotId) {
    return (int)
        runningJobs()
            .filter(j -> Objects.requireNonNull(j.lease()).slotId().equals(slotId))
            .count();
  }

  private Board.WaitingGroup group(GroupKey key, int mostHeads) {
    Build build = build(key).orElseThrow();
    Home home = homes.get(key);
    List<Job> queued = queued(key).sorted(ORDER).toList();
    return new Board.WaitingGroup(
        key,
        (int)
            jobs.values().stream()
                .filter(
                    j ->
                        j.group().orgId().equals(key.orgId())
                            && j.group().target() == key.target()
                            && !j.state().isVerdict()
                            && !j.unpublished())
                .count(),
        home == null ? null : home.slotId(),
        home == null ? null : home.pinnedAt(),
        build.packageName(),
        build.sha256(),
        queued.size(),
        runningJobs()
            .filter(j -> j.group().equals(key))
            .map(j -> Objects.requireNonNull(j.lease()).slotId())
            .collect(Collectors.toSet()),
        queued.stream().filter(Job::unpublished).filter(this::due).limit(mostHeads).toList(),
        queued.stream().filter(j -> !j.unpublished()).toList(),
        runTimes.getOrDefault(key, DEFAULT_RUN),
        setUps.getOrDefault(key, DEFAULT_SET_UP));
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

  private static Duration mean(Duration old, Duration latest) {
    return Duration.ofMillis(
        Math.round(old.toMillis() * (1 - NEWEST_WEIGHT) + latest.toMillis() * NEWEST_WEIGHT));
  }

  @Override
  public List<Job> unreported(Target target, Duration grace, Duration lease, int most) {
    Map<String, Slot> live =
        slots().stream()
            .filter(s -> s.target() == target && s.live(now(), lease))
            .collect(Collectors.toMap(Slot::id, s -> s));
    return jobs.values().stream()
        .filter(j -> j.group().target() == target)
        .filter(j -> j.state() == JobState.QUEUED && !j.unpublished())
        .filter(j -> lost(Objects.requireNonNull(j.release()), live, grace))
        .limit(most)
        .toList();
  }

  private boolean lost(Release release, Map<String, Slot> live, Duration grace) {
    if (release.slotId() != null && !live.containsKey(release.slotId())) {
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
  public Set<Target> liveTargets() {
    return liveTargets(Duration.ofMinutes(1));
  }

  @Override
  public Optional<Run> newestRun(String orgId, String appVersionId) {
    return runs.values().stream()
        .filter(r -> r.orgId().equals(orgId) && r.appVersionId().equals(appVersionId))
        .reduce((older, newer) -> newer);
  }

  private static Job withRelease(Job j, @Nullable Release release) {
    return copy(j, j.lease(), release);
  }

  private static Job withLease(Job j, @Nullable Lease lease) {
    return copy(j, lease, j.release());
  }

  private static Job copy(Job j, @Nullable Lease lease, @Nullable Release release) {
    return new Job(
        j.id(),
        j.runId(),
        j.group(),
        j.testPath(),
        j.priority(),
        j.state(),
        j.generation(),
        j.attempt(),
        j.brokenAttempts(),
        j.retriesLeft(),
        j.notBefore(),
        j.avoidSlotId(),
        j.interrupted(),
        lease,
        release,
        j.flaky(),
        j.failureKind(),
        j.message(),
        j.createdAt(),
        j.startedAt(),
        j.finishedAt());
  }
}
