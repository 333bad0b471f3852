package dev.qgjob.domain.lease;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.blame.BlameStore;
import dev.qgjob.domain.blame.StateLeak;
import dev.qgjob.domain.fleet.FleetStore;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobEvent;
import dev.qgjob.domain.job.JobMachine;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Release;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.placement.BoardStore;
import dev.qgjob.domain.placement.Nudge;
import dev.qgjob.domain.report.AttemptReport;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.report.TestRef;
import dev.qgjob.domain.submit.Build;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** Grants claims and records finishes. */
public final class LeaseDesk implements Leases {
  /** How many batches of waiting jobs a claim chooses from, since others choose as well. */
  private static final int CHOICE = 4;

  /** Where more wait, a group's own fair part is what a claim takes; each claim counts them. */
  private static final int MOST_COUNTED = 2_000;

  private final JobStore jobs;
  private final FleetStore fleet;
  private final BoardStore boards;
  private final LeasePolicy policy;
  private final Nudge nudge;
  private final BlameStore blame;
  private final JobMoves moves;

  /** Of an installation that draws nothing from attempts that disagree. */
  public LeaseDesk(
      JobStore jobs, FleetStore fleet, BoardStore boards, LeasePolicy policy, Nudge nudge) {
    this(jobs, fleet, boards, policy, nudge, BlameStore.FORGETFUL);
  }

  public LeaseDesk(
      JobStore jobs,
      FleetStore fleet,
      BoardStore boards,
      LeasePolicy policy,
      Nudge nudge,
      BlameStore blame) {
    this.blame = blame;
    this.jobs = jobs;
    this.fleet = fleet;
    this.boards = boards;
    this.policy = policy;
    this.nudge = nudge;
    this.moves = new JobMoves(jobs, nudge);
  }

  @Override
  public ClaimResult claim(Caller caller, ClaimRequest request) {
    Optional<Slot> slot = registeredSlot(caller, request);
    if (slot.isEmpty()) {
      return new ClaimResult.NotRegistered(
          "slot " + request.slotId() + " under incarnation " + request.incarnation());
    }
    Optional<Job> found = jobs.lock(List.of(request.jobId())).stream().findFirst();
    if (found.isEmpty()) {
      return new ClaimResult.UnknownJob(request.jobId());
    }
    Job job = found.get();
    Instant now = jobs.now();
    if (isFor(request.token(), request.slotId(), job, now)) {
      return granted(jobs.underToken(request.token()), new Runs());
    }
    Runs runs = new Runs();
    if (!mayGoTo(slot.get(), job)
        || !slot.get().has(runs.of(job.runId()).device())
        || fleet.holds().containsKey(slot.get().id())) {
      return new ClaimResult.Lost(Transition.Refusal.STALE);
    }
    Lease lease = lease(slot.get(), request, now);
    Transition first =
        JobMachine.apply(job, new JobEvent.Claimed(request.generation(), lease), now);
    if (first instanceof Transition.Refused refused) {
      return new ClaimResult.Lost(refused.why());
    }
    List<Job> all = new ArrayList<>(List.of(job));
    all.addAll(alsoFor(job, slot.get(), request.most(), runs, now));
    Map<String, JobMoves.Outcome> outcomes =
        moves.moveLocked(
            all,
            now,
            one -> new JobEvent.Claimed(one.generation(), lease),
            id -> AttemptReport.NONE);
    boards.home(job.group(), slot.get().id(), request.shared() ? slot.get().attachment() : null);
    return granted(taken(outcomes, all), runs);
  }

  /** Those that were taken, the one asked for in front. */
  private static List<Job> taken(Map<String, JobMoves.Outcome> outcomes, List<Job> all) {
    List<Job> taken = new ArrayList<>();
    for (Job job : all) {
      JobMoves.Outcome outcome = outcomes.get(job.id());
      if (outcome != null && outcome.transition() instanceof Transition.Next next) {
        taken.add(next.job());
      }
    }
    return taken;
  }

  private Optional<Slot> registeredSlot(Caller caller, ClaimRequest request) {
    return fleet
        .slot(request.slotId())
        .filter(s -> s.workerId().equals(caller.workerId()))
        .filter(
            s ->
                fleet
                    .worker(s.workerId())
                    .filter(w -> w.incarnation() == request.incarnation())
                    .isPresent());
  }

  private static boolean isFor(String token, String slotId, Job job, Instant now) {
    Lease held = job.lease();
    return held != null
        && held.token().equals(token)
        && held.slotId().equals(slotId)
        && held.until().isAfter(now);
  }

  /**
   * A hand-off is for the slot it names; everything else for any slot of the target. A job that
   * broke before is always handed to a slot, and only to one whose worker has no other such job:
   * without the note of that, its message is of a tick that came to nothing.
   */
  private static boolean mayGoTo(Slot slot, Job job) {
    Release release = job.release();
    String handedTo =
        release != null && release.generation() == job.generation() ? release.slotId() : null;
    return slot.target() == job.group().target()
        && (handedTo == null ? !job.suspect() : handedTo.equals(slot.id()));
  }

  private Lease lease(Slot slot, ClaimRequest request, Instant now) {
    return new Lease(
        request.token(),
        slot.id(),
        slot.workerId(),
        request.incarnation(),
        now.plus(policy.lease()));
  }

  /**
   * The jobs that may come along, of those that no other claim is choosing from at this moment. A
   * job that broke before runs alone: if it kills its worker again, it kills no neighbour. So does
   * a part of a spec: the others are for other slots. So does what installs the app anew for each
   * test: the others are there to be spared that.
   */
  private List<Job> alsoFor(Job first, Slot slot, int asked, Runs runs, Instant now) {
    if (first.interrupted() || !mayShare(first) || asked <= 1) {
      return List.of();
    }
    int most = Math.min(asked, policy.mostPerClaim());
    List<JobStore.Waiting> waiting =
        jobs.waiting(first.group(), slot.id(), most * CHOICE).stream()
            .filter(job -> !job.id().equals(first.id()))
            .toList();
    if (waiting.isEmpty()) {
      return List.of();
    }
    int liveSlots = fleet.liveSlots(slot.target(), policy.lease());
    int enough = Math.min(MOST_COUNTED, most * liveSlots);
    int onTarget = jobs.queuedOn(slot.target(), enough);
    int size =
        BatchSize.of(
            asked,
            policy,
            waiting.size() + 1,
            onTarget,
            liveSlots,
            onTarget < enough ? ahead(slot) : List.of(),
            boards.runTime(first.group()));
    Run run = runs.of(first.runId());
    GroupKey group = first.group();
    return free(
        waiting.stream()
            .filter(job -> alike(run, job.runId(), group.target(), runs))
            .map(JobStore.Waiting::id)
            .toList(),
        size - 1,
        job -> job.group().equals(group) && mayComeAlong(job, slot, now));
  }

  /** How much the other slots of the target have to do before they can share what waits. */
  private Collection<Integer> ahead(Slot slot) {
    Map<String, Integer> running = new HashMap<>(jobs.runningOn(slot.target()));
    running.remove(slot.id());
    return running.values();
  }

  /** What {@link JobStore#waiting} promises, of a job that may have changed since. */
  private static boolean mayComeAlong(Job job, Slot slot, Instant now) {
    return job.state() == JobState.QUEUED
        && !job.interrupted()
        && mayShare(job)
        && !slot.id().equals(job.avoidSlotId())
        && due(job, now)
        && mayGoTo(slot, job);
  }

  private static boolean mayShare(Job job) {
    return job.part().whole() && !job.isolation().installsAnew();
  }

  /** The first of these that nobody else is taking and that still may be taken. */
  private List<Job> free(List<String> wanted, int most, Predicate<Job> still) {
    List<Job> free = new ArrayList<>();
    int from = 0;
    while (free.size() < most && from < wanted.size()) {
      int to = Math.min(wanted.size(), from + most - free.size());
      jobs.lockFree(wanted.subList(from, to)).stream().filter(still).forEach(free::add);
      from = to;
    }
    return free;
  }

  private static boolean due(Job job, Instant now) {
    Instant notBefore = job.notBefore();
    return notBefore == null || !notBefore.isAfter(now);
  }

  /** One process can run both: same sources, same config, same way. */
  private static boolean alike(Run run, String runId, Target target, Runs runs) {
    if (runId.equals(run.id())) {
      return run.resources().isEmpty();
    }
    Run other = runs.of(runId);
    // what uses a scarce resource is counted one by one, when it is sent
    return other.resources().isEmpty()
        && other.bundleSha256().equals(run.bundleSha256())
        && other.projectDir().equals(run.projectDir())
        && other.config().equals(run.config())
        && other.projectOn(target).equals(run.projectOn(target))
        && other.reset() == run.reset()
        && other.stock() == run.stock()
        && other.filter().equals(run.filter())
        && other.device().equals(run.device())
        && other.environment().equals(run.environment())
        && Objects.equals(other.secrets(), run.secrets());
  }

  /** The runs of one claim's jobs, each read once. */
  private final class Runs {
    private final Map<String, Run> read = new HashMap<>();

    Run of(String runId) {
      return read.computeIfAbsent(runId, id -> jobs.run(id).orElseThrow());
    }
  }

  private ClaimResult granted(List<Job> taken, Runs runs) {
    Map<GroupKey, Build> builds = new HashMap<>();
    Map<String, List<TestRef>> failed = failedBefore(taken);
    List<Grant> grants = new ArrayList<>();
    for (Job job : taken) {
      Build build = builds.computeIfAbsent(job.group(), group -> jobs.build(group).orElseThrow());
      Run run = runs.of(job.runId());
      List<TestRef> asked = run.only().getOrDefault(job.testPath(), List.of());
      grants.add(new Grant(job, run, build, failed.getOrDefault(job.id(), asked)));
    }
    return new ClaimResult.Granted(policy.lease(), grants);
  }

  /** A test that passed is not tried again because another one of its spec failed. */
  private Map<String, List<TestRef>> failedBefore(List<Job> taken) {
    List<String> again = taken.stream().filter(job -> job.attempt() > 1).map(Job::id).toList();
    return again.isEmpty() ? Map.of() : jobs.failedTests(again);
  }

  @Override
  public FinishResult finish(Caller caller, String jobId, FinishRequest request) {
    Optional<Job> found = jobs.find(jobId);
    if (found.isEmpty()) {
      return new FinishResult.UnknownJob(jobId);
    }
    Job job = found.get();
    if (!isOf(caller, job)) {
      return new FinishResult.Fenced(Transition.Refusal.FENCED);
    }
    Optional<Transition> outcome =
        moves.move(jobId, request.event(), JobStore.LeaseGuard.LIVE, request.report());
    if (outcome.isEmpty()) {
      return new FinishResult.UnknownJob(jobId);
    }
    FinishResult result = result(jobId, request, job, outcome.get());
    if (outcome.get() instanceof Transition.Next next) {
      compare(job, next.job());
      if (isWhole(job)) {
        learn(job.group(), List.of(request.report()));
      }
    }
    return result;
  }

  private FinishResult result(
      String jobId, FinishRequest request, Job before, Transition transition) {
    if (transition instanceof Transition.Next next) {
      return new FinishResult.Recorded(next.job());
    }
    // an answer that was lost is no reason to give another one
    return isRepeat(jobId, request)
        ? new FinishResult.Recorded(before)
        : new FinishResult.Fenced(((Transition.Refused) transition).why());
  }

  @Override
  public List<FinishResult> finishAll(Caller caller, List<JobFinish> finishes) {
    Map<String, FinishRequest> requests = new HashMap<>();
    finishes.forEach(finish -> requests.putIfAbsent(finish.jobId(), finish.request()));
    Map<String, JobMoves.Outcome> outcomes =
        moves.moveAll(
            requests.keySet(),
            job -> {
              FinishRequest told = Objects.requireNonNull(requests.get(job.id()));
              return isOf(caller, job) ? told.event() : null;
            },
            id -> Objects.requireNonNull(requests.get(id)).report());
    Map<GroupKey, List<AttemptReport>> learned = new LinkedHashMap<>();
    List<FinishResult> results = new ArrayList<>();
    for (JobFinish finish : finishes) {
      // of two reports on one job in one message the second is told after the first
      boolean first = requests.remove(finish.jobId(), finish.request());
      JobMoves.Outcome outcome = outcomes.get(finish.jobId());
      if (outcome == null) {
        results.add(new FinishResult.UnknownJob(finish.jobId()));
      } else if (!first) {
        results.add(finish(caller, finish.jobId(), finish.request()));
      } else if (!isOf(caller, outcome.before())) {
        results.add(new FinishResult.Fenced(Transition.Refusal.FENCED));
      } else {
        results.add(
            result(finish.jobId(), finish.request(), outcome.before(), outcome.transition()));
        if (outcome.transition() instanceof Transition.Next next) {
          compare(outcome.before(), next.job());
          if (isWhole(outcome.before())) {
            learned
                .computeIfAbsent(outcome.before().group(), group -> new ArrayList<>())
                .add(finish.request().report());
          }
        }
      }
    }
    learned.forEach(this::learn);
    return results;
  }

  /** What a pass says of the attempts that failed before it. */
  private void compare(Job running, Job after) {
    Lease held = running.lease();
    if (after.leaksState()) {
      Build build = jobs.build(after.group()).orElseThrow();
      blame.leaks(new StateLeak(build.orgId(), build.packageName(), after.testPath()));
    } else if (after.state() == JobState.PASSED && after.attempt() > 1 && held != null) {
      blame.passedOn(after.id(), held.slotId());
    }
  }

  /** False where another worker holds its lease. */
  private static boolean isOf(Caller caller, Job job) {
    Lease held = job.lease();
    return held == null || held.workerId().equals(caller.workerId());
  }

  /** Recorded under this token already, and not because the lease was lost meanwhile. */
  private boolean isRepeat(String jobId, FinishRequest request) {
    Ending told = request.ending();
    return jobs.recorded(jobId, request.generation(), request.token())
        .filter(e -> e.outcome() == told.outcome() && e.kind() == told.kind())
        .isPresent();
  }

  /** A later attempt may be about a part of its spec, and says little about the whole. */
  private static boolean isWhole(Job job) {
    return job.attempt() == 1;
  }

  /** What was told at once counts as one figure: its mean. */
  private void learn(GroupKey group, List<AttemptReport> reports) {
    List<Duration> runs =
        reports.stream().map(AttemptReport::run).filter(run -> !run.isZero()).toList();
    if (runs.isEmpty()) {
      return;
    }
    List<Duration> setUps =
        reports.stream()
            .filter(report -> report.installs() > 0 || group.target().setsUpEachSession())
            .filter(report -> !report.run().isZero() && !report.setUp().isZero())
            .map(AttemptReport::setUp)
            .toList();
    boards.learned(group, setUps.isEmpty() ? null : mean(setUps), mean(runs));
  }

  private static Duration mean(List<Duration> some) {
    return some.stream().reduce(Duration.ZERO, Duration::plus).dividedBy(some.size());
  }
}
