package dev.qgjob.lab.schedule;

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
import dev.qgjob.domain.placement.Heads;
import dev.qgjob.domain.placement.Transfers;
import dev.qgjob.domain.report.AttemptReport;
import dev.qgjob.domain.report.ResetPolicy;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.report.TestRef;
import dev.qgjob.domain.submit.Build;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The stores behind the server's dispatcher and lease desk, in memory, with a clock that is set and
 * with aggregates kept as jobs move: a board costs groups, slots and heads, whatever the number of
 * jobs. Also keeps the account of the orgs' service. For one thread.
 */
final class VirtualStore implements JobStore, FleetStore, BoardStore {
  /** Whether a slot is there is said here by {@code attached} alone. */
  private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

  private static final Run RUN =
      new Run(
          "run",
          "",
          "",
          1,
          "",
          ".",
          "",
          "",
          Target.EMULATOR,
          0,
          ResetPolicy.CLEAR_DATA,
          0,
          Duration.ofHours(1),
          false,
          null,
          Map.of(),
          Map.of(),
          Instant.EPOCH);

  private final Workload workload;
  private final Map<String, Workload.JobSpec> specs = new HashMap<>();
  private final Map<String, String> packages = new HashMap<>();
  private final Map<String, Job> jobs = new HashMap<>();
  private final Map<GroupKey, Group> groups = new LinkedHashMap<>();
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final Map<String, Running> running = new LinkedHashMap<>();
  private final Map<String, Running> lost = new LinkedHashMap<>();
  private final Map<String, Org> orgs = new LinkedHashMap<>();
  private final boolean severalTargets;
  private Instant now = Instant.EPOCH;

  /** A job on a slot, and the seconds that its org was charged for it. */
  private record Running(Job job, Instant expectedEnd, double charged) {}

  VirtualStore(Workload workload) {
    this.workload = workload;
    this.severalTargets = workload.jobs().stream().anyMatch(job -> job.targets().size() > 1);
    for (Workload.JobSpec spec : workload.jobs()) {
      specs.put(spec.id(), spec);
      packages.put(spec.appVersion(), spec.packageName());
    }
  }

  void setNow(Instant instant) {
    now = instant;
  }

  Workload.JobSpec spec(String jobId) {
    return Objects.requireNonNull(specs.get(jobId), jobId);
  }

  /** Adds a job to the queue of a target. */
  void submit(Workload.JobSpec spec, Target target) {
    Org org = org(spec.org());
    if (org.alive++ == 0) {
      org.catchUpWith(orgs.values());
    }
    GroupKey key = new GroupKey(spec.org(), spec.appVersion(), 1, target);
    Job job = Job.queued(spec.id(), RUN.id(), key, spec.id(), spec.priority(), 0, now);
    jobs.put(job.id(), job);
    group(key).enter(job);
  }

  private Org org(String id) {
    return orgs.computeIfAbsent(id, k -> new Org(workload.orgs().get(k)));
  }

  private Group group(GroupKey key) {
    return groups.computeIfAbsent(key, Group::new);
  }

  /** The slot attaches, or comes back with what it held. */
  void attach(Workload.SlotSpec spec) {
    Slot before = slots.get(spec.id());
    long attachment = before == null ? 1 : before.attachment() + 1;
    Map<String, String> holds = before == null ? spec.holds() : before.holds();
    put(
        spec.id(),
        workerOf(spec.id()),
        spec.target(),
        spec.capabilities(),
        holds,
        true,
        attachment);
  }

  /** Nothing is heard of the slot any more; its lease runs out in time. */
  void lose(String slotId) {
    Running on = running.remove(slotId);
    if (on != null) {
      lost.put(on.job.id(), on);
    }
    Slot s = there(slotId);
    put(s.id(), s.workerId(), s.target(), s.capabilities(), s.holds(), false, s.attachment());
  }

  /** The slot holds this build from now on, in place of any other of the package. */
  void installed(String slotId, GroupKey group) {
    Slot s = there(slotId);
    Map<String, String> holds = new HashMap<>(s.holds());
    holds.put(packageOf(group), group.appVersionId());
    put(s.id(), s.workerId(), s.target(), s.capabilities(), holds, s.attached(), s.attachment());
  }

  private void put(
      String id,
      String workerId,
      Target target,
      Map<String, String> capabilities,
      Map<String, String> holds,
      boolean attached,
      long attachment) {
    slots.put(
        id, new Slot(id, workerId, target, id, capabilities, holds, attached, attachment, NEVER));
  }

  private Slot there(String slotId) {
    return Objects.requireNonNull(slots.get(slotId), slotId);
  }

  boolean holds(String slotId, GroupKey group) {
    return group.appVersionId().equals(there(slotId).holds().get(packageOf(group)));
  }

  static String workerOf(String slotId) {
    return "worker of " + slotId;
  }

  private String packageOf(GroupKey key) {
    return packages.getOrDefault(key.appVersionId(), key.appVersionId());
  }

  /** The beats of a slot that is there have kept its lease alive. */
  void beat(String jobId, Duration lease) {
    Job job = Objects.requireNonNull(jobs.get(jobId));
    Lease held = job.lease();
    if (held != null) {
      jobs.put(
          jobId,
          job.with(
              new Lease(
                  held.token(),
                  held.slotId(),
                  held.workerId(),
                  held.incarnation(),
                  now.plus(lease)),
              job.release()));
    }
  }

  /** True while something waits that is due or not yet due. */
  boolean someWait() {
    return groups.values().stream().anyMatch(g -> g.queued > 0);
  }

  boolean someSlotIdles() {
    return slots.values().stream().anyMatch(s -> s.attached() && !running.containsKey(s.id()));
  }

  // jobs

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public Optional<Job> find(String jobId) {
    return Optional.ofNullable(jobs.get(jobId));
  }

  @Override
  public List<Job> ofRun(String runId) {
    return List.copyOf(jobs.values());
  }

  @Override
  public boolean replace(Job before, Job after, LeaseGuard guard) {
    Job stored = jobs.get(before.id());
    if (stored == null
        || stored.generation() != before.generation()
        || stored.state() != before.state()
        || !holds(stored, guard)) {
      return false;
    }
    Job written = after.with(after.lease(), stored.release());
    group(stored.group()).leave(stored);
    jobs.put(written.id(), written);
    group(written.group()).enter(written);
    if (written.state().isVerdict()) {
      org(written.group().orgId()).alive--;
    }
    return true;
  }

  private boolean holds(Job job, LeaseGuard guard) {
    boolean live = job.lease() != null && job.lease().until().isAfter(now);
    return switch (guard) {
      case ANY -> true;
      case LIVE -> live;
      case EXPIRED -> job.lease() != null && !live;
    };
  }

  @Override
  public List<Waiting> waiting(GroupKey group, String slotId, int most) {
    return group(group).heads.stream()
        .filter(job -> !job.interrupted())
        .limit(most)
        .map(job -> new Waiting(job.id(), job.runId()))
        .toList();
  }

  @Override
  public int queuedOn(Target target, int most) {
    throw new UnsupportedOperationException("a claim asks for one job here");
  }

  @Override
  public Map<String, Integer> runningOn(Target target) {
    throw new UnsupportedOperationException("a claim asks for one job here");
  }

  @Override
  public List<Job> underToken(String token) {
    return running.values().stream()
        .map(r -> Objects.requireNonNull(jobs.get(r.job.id())))
        .filter(j -> j.lease() != null && j.lease().token().equals(token))
        .toList();
  }

  @Override
  public boolean isHeld(String token) {
    return false; // a claim is of one job here
  }

  @Override
  public Set<String> renew(
      String workerId, long incarnation, Collection<String> tokens, Duration lease) {
    throw new UnsupportedOperationException("no beats here");
  }

  @Override
  public List<Job> expired(int most) {
    return lost.keySet().stream()
        .map(id -> Objects.requireNonNull(jobs.get(id)))
        .filter(job -> holds(job, LeaseGuard.EXPIRED))
        .limit(most)
        .toList();
  }

  @Override
  public List<Job> leasedBefore(String workerId, long incarnation) {
    return List.of();
  }

  @Override
  public void attemptStarted(Job job) {
    String slotId = Objects.requireNonNull(job.lease()).slotId();
    double cost = forecast(job);
    if (!holds(slotId, job.group())) {
      cost += workload.install(job.group().target());
    }
    running.put(slotId, new Running(job, now.plus(span(cost)), cost));
    org(job.group().orgId()).served += cost;
  }

  @Override
  public boolean attemptEnded(String jobId, Transition.EndedAttempt ended, AttemptReport report) {
    String slotId = Objects.requireNonNull(ended.lease()).slotId();
    Running was = lost.remove(jobId);
    if (was == null) {
      was = Objects.requireNonNull(running.remove(slotId));
    }
    double used = seconds(report.setUp()) + seconds(report.run());
    org(was.job.group().orgId()).served += used - was.charged;
    return true;
  }

  @Override
  public void requeued(Requeue requeue) {
    // nobody asks for it here
  }

  @Override
  public List<Requeue> requeues(String jobId) {
    return List.of();
  }

  @Override
  public List<Requeue> lostAt(Collection<String> slotIds, Instant after) {
    return List.of();
  }

  @Override
  public Map<String, List<TestRef>> failedTests(Collection<String> jobIds) {
    return Map.of();
  }

  @Override
  public Optional<Ending> recorded(String jobId, long generation, String token) {
    return Optional.empty();
  }

  @Override
  public Optional<Run> run(String runId) {
    return Optional.of(RUN);
  }

  @Override
  public Optional<Build> build(GroupKey key) {
    return Optional.of(
        new Build(
            key.orgId(),
            key.appVersionId(),
            key.build(),
            key.appVersionId(),
            "",
            0,
            packageOf(key),
            null,
            Instant.EPOCH));
  }

  // slots

  @Override
  public Optional<Worker> worker(String workerId) {
    boolean there =
        slots.values().stream().anyMatch(s -> s.workerId().equals(workerId) && s.attached());
    return Optional.of(
        new Worker(workerId, workerId, 1, null, 1, false, there ? now : Instant.EPOCH));
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
    throw new UnsupportedOperationException("workers are as they are here");
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
    return List.copyOf(slots.values());
  }

  @Override
  public void saveSlot(Slot slot) {
    slots.put(slot.id(), slot);
  }

  @Override
  public void beaten(String workerId, Instant at) {
    throw new UnsupportedOperationException("no beats here");
  }

  @Override
  public void removeSlot(String slotId) {
    slots.remove(slotId);
  }

  @Override
  public void noteInbox(String slotId, List<Fleet.InboxEntry> inbox) {
    for (Fleet.InboxEntry entry : inbox) {
      Job job = Objects.requireNonNull(jobs.get(entry.jobId()));
      Release release = job.release();
      if (release != null
          && release.generation() == entry.generation()
          && !slotId.equals(release.notedSlotId())) {
        rewrite(
            job, new Release(release.generation(), release.slotId(), release.at(), slotId, now));
      }
    }
  }

  @Override
  public Map<String, Hold> holds() {
    return Map.of();
  }

  @Override
  public void hold(Hold hold) {
    throw new UnsupportedOperationException("nobody holds slots here");
  }

  @Override
  public boolean release(String slotId) {
    return false;
  }

  @Override
  public Map<String, String> running() {
    Map<String, String> all = new HashMap<>();
    running.forEach((slot, r) -> all.put(slot, r.job.id()));
    return all;
  }

  // the board

  @Override
  public boolean lock(Target target) {
    return true;
  }

  @Override
  public Board read(Target target, Duration lease) {
    Map<GroupKey, Integer> most = Heads.most(slotsFor(target));
    List<Board.WaitingGroup> waiting = new ArrayList<>();
    for (Group group : groups.values()) {
      if (group.queued > 0 && group.key.target() == target) {
        waiting.add(group.shown(Objects.requireNonNull(most.get(group.key))));
      }
    }
    List<Board.SlotLoad> loads = new ArrayList<>();
    for (Slot slot : slots.values()) {
      if (slot.target() == target && slot.attached()) {
        Running on = running.get(slot.id());
        loads.add(
            on == null
                ? new Board.SlotLoad(slot, 0)
                : new Board.SlotLoad(slot, 1, Duration.between(now, on.expectedEnd)));
      }
    }
    Map<String, Board.Share> shares = new HashMap<>();
    orgs.forEach(
        (id, org) -> shares.put(id, new Board.Share(org.weight, org.cap, span(org.served))));
    return new Board(target, now, waiting, loads, suspects(), shares, Board.NO_CAP);
  }

  /** How many slots each group could be sent jobs to: the idle ones, and those that work on it. */
  private Map<GroupKey, Integer> slotsFor(Target target) {
    int idle =
        (int)
            slots.values().stream()
                .filter(slot -> slot.target() == target && slot.attached())
                .filter(slot -> !running.containsKey(slot.id()))
                .count();
    Map<GroupKey, Integer> slotsFor = new HashMap<>();
    for (Group group : groups.values()) {
      if (group.queued > 0 && group.key.target() == target) {
        slotsFor.put(group.key, idle + group.runningOn.size());
      }
    }
    return slotsFor;
  }

  @Override
  public Set<String> suspects() {
    Set<String> suspects = new HashSet<>();
    running.forEach(
        (slot, on) -> {
          if (on.job.suspect()) {
            suspects.add(workerOf(slot));
          }
        });
    return suspects;
  }

  @Override
  public Map<String, Integer> takeStock(Set<String> resources) {
    return Map.of();
  }

  @Override
  public List<Transfers.Candidate> transferable(Board into, int most) {
    if (!severalTargets) {
      return List.of();
    }
    List<Transfers.Candidate> found = new ArrayList<>();
    for (Group group : groups.values()) {
      if (group.queued > 0 && group.key.target() != into.target()) {
        group.heads.stream()
            .filter(job -> job.transfers() < JobMachine.MOST_TRANSFERS)
            .filter(job -> spec(job.id()).targets().contains(into.target()))
            .filter(job -> job.notBefore() == null || !job.notBefore().isAfter(now))
            .filter(
                job ->
                    into.slots().stream()
                        .anyMatch(load -> load.slot().has(spec(job.id()).device())))
            .limit(most)
            .forEach(job -> found.add(candidate(job, into.target())));
      }
    }
    return found;
  }

  private Transfers.Candidate candidate(Job job, Target into) {
    Duration run = span(forecast(job));
    return new Transfers.Candidate(
        job,
        spec(job.id()).device(),
        packageOf(job.group()),
        job.group().appVersionId(),
        run,
        run,
        span(workload.install(into)),
        Duration.ZERO);
  }

  @Override
  public void released(List<Released> released) {
    for (Released r : released) {
      Job job = Objects.requireNonNull(jobs.get(r.jobId()));
      if (job.generation() == r.generation()) {
        rewrite(job, new Release(r.generation(), r.slotId(), now, null, null));
      }
    }
  }

  private void rewrite(Job job, Release release) {
    Job written = job.with(job.lease(), release);
    group(job.group()).leave(job);
    jobs.put(job.id(), written);
    group(job.group()).enter(written);
  }

  @Override
  public void home(GroupKey group, String slotId, @Nullable Long pinnedAt) {
    group(group).home = slotId;
    group(group).pinnedAt = pinnedAt;
  }

  @Override
  public void learned(GroupKey key, @Nullable Duration setUp, Duration run) {
    Group group = group(key);
    group.learnedRun =
        group.learnedRun == 0
            ? seconds(run)
            : group.learnedRun * (1 - NEWEST_WEIGHT) + seconds(run) * NEWEST_WEIGHT;
  }

  /** How many waiting jobs of its group go before this one. */
  int before(Job job) {
    Group group = group(job.group());
    return group.heads.headSet(job).size()
        + (int) group.released.values().stream().filter(j -> !j.id().equals(job.id())).count();
  }

  @Override
  public Optional<Duration> runTime(GroupKey group) {
    return Optional.of(span(group(group).mean()));
  }

  @Override
  public List<Job> unreported(Target target, Duration grace, Duration lease, int most) {
    return groups.values().stream()
        .filter(g -> g.key.target() == target)
        .flatMap(g -> g.released.values().stream())
        .filter(j -> lostWithItsSlot(Objects.requireNonNull(j.release())))
        .limit(most)
        .toList();
  }

  private boolean lostWithItsSlot(Release release) {
    String at = release.slotId() == null ? release.notedSlotId() : release.slotId();
    return at != null && !there(at).attached();
  }

  private double forecast(Job job) {
    double known = spec(job.id()).forecast();
    return known > 0 ? known : group(job.group()).mean();
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  static Duration span(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }

  /** What was given to an org on all targets. */
  private static final class Org {
    final double weight;
    final int cap;
    final Map<Target, Integer> busy = new HashMap<>();
    double served;
    int alive;

    Org(Workload.@Nullable OrgSpec spec) {
      this.weight = spec == null ? 1 : spec.weight();
      this.cap = spec == null ? Board.NO_CAP : spec.cap();
    }

    private double tag() {
      return weight > 0 ? served / weight : Double.MAX_VALUE;
    }

    /** No credit for the time in which it wanted nothing. */
    void catchUpWith(Collection<Org> all) {
      all.stream()
          .filter(o -> o != this && o.alive > 0 && o.weight > 0)
          .mapToDouble(Org::tag)
          .min()
          .ifPresent(virtualTime -> served = Math.max(served, virtualTime * weight));
    }
  }

  /** The jobs of a group, by where they are. */
  private final class Group {
    private final GroupKey key;
    private final TreeSet<Job> heads;
    private final Map<String, Job> released = new LinkedHashMap<>();
    private final TreeMap<Double, Integer> forecasts = new TreeMap<>();
    private final Map<String, String> runningOn = new HashMap<>();
    private double knownWork;
    private int unknown;
    private int queued;
    private double learnedRun;
    private @Nullable String home;
    private @Nullable Long pinnedAt;
    private List<Job> first = List.of();
    private Map<String, Board.Need> needs = Map.of();
    private int looked;
    private boolean someNotDue;

    Group(GroupKey key) {
      this.key = key;
      this.heads = new TreeSet<>(Due.ORDER);
    }

    private double mean() {
      if (learnedRun > 0) {
        return learnedRun;
      }
      return seconds(DEFAULT_RUN);
    }

    void enter(Job job) {
      looked = 0;
      if (job.state() == JobState.QUEUED) {
        queued++;
        count(job, 1);
        if (job.unpublished()) {
          heads.add(job);
        } else {
          released.put(job.id(), job);
        }
      } else if (job.lease() != null) {
        runningOn.put(job.lease().slotId(), job.id());
      }
      busy(job, 1);
    }

    void leave(Job job) {
      looked = 0;
      if (job.state() == JobState.QUEUED) {
        queued--;
        count(job, -1);
        if (!heads.remove(job)) {
          released.remove(job.id());
        }
      } else if (job.lease() != null) {
        runningOn.remove(job.lease().slotId(), job.id());
      }
      busy(job, -1);
    }

    private void busy(Job job, int more) {
      if (!job.state().isVerdict() && !job.unpublished()) {
        org(key.orgId()).busy.merge(key.target(), more, Integer::sum);
      }
    }

    private void count(Job job, int more) {
      double forecast = spec(job.id()).forecast();
      if (forecast > 0) {
        knownWork = queued == 0 ? 0 : knownWork + more * forecast;
        forecasts.merge(forecast, more, (a, b) -> a + b == 0 ? null : a + b);
      } else {
        unknown += more;
      }
    }

    /** Looked up anew only where a job came or went, or another number is asked for. */
    private void lookUp(int most) {
      if (looked == most && !someNotDue && unknown == 0) {
        return;
      }
      looked = most;
      someNotDue = false;
      List<Job> due = new ArrayList<>();
      for (Job job : heads) {
        if (due.size() == most) {
          break;
        }
        if (job.notBefore() == null || !job.notBefore().isAfter(now)) {
          due.add(job);
        } else {
          someNotDue = true;
        }
      }
      Map<String, Board.Need> known = new HashMap<>();
      due.forEach(job -> known.put(job.id(), need(job)));
      released.values().forEach(job -> known.put(job.id(), need(job)));
      first = List.copyOf(due);
      needs = Map.copyOf(known);
    }

    Board.WaitingGroup shown(int most) {
      lookUp(most);
      double work = knownWork + unknown * mean();
      double longest = forecasts.isEmpty() ? mean() : forecasts.lastKey();
      return new Board.WaitingGroup(
          key,
          org(key.orgId()).busy.getOrDefault(key.target(), 0),
          home,
          pinnedAt,
          packageOf(key),
          key.appVersionId(),
          queued,
          Set.copyOf(runningOn.keySet()),
          first,
          List.copyOf(released.values()),
          span(work / queued),
          span(workload.install(key.target())),
          span(work),
          span(longest),
          needs);
    }

    private Board.Need need(Job job) {
      Workload.JobSpec spec = spec(job.id());
      return new Board.Need(span(forecast(job)), spec.device());
    }
  }
}
