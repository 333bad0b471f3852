package dev.qgjob.domain.lease;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.fleet.FleetStore;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobEvent;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Release;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.placement.BoardStore;
import dev.qgjob.domain.placement.Nudge;
import dev.qgjob.domain.report.AttemptReport;
import dev.qgjob.domain.report.Run;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Grants claims and records finishes. */
public final class LeaseDesk implements Leases {
  private final JobStore jobs;
  private final FleetStore fleet;
  private final BoardStore boards;
  private final LeasePolicy policy;
  private final Nudge nudge;
  private final JobMoves moves;

  public LeaseDesk(
      JobStore jobs, FleetStore fleet, BoardStore boards, LeasePolicy policy, Nudge nudge) {
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
    Optional<Job> found = jobs.find(request.jobId());
    if (found.isEmpty()) {
      return new ClaimResult.UnknownJob(request.jobId());
    }
    Job job = found.get();
    if (isFor(request.token(), request.slotId(), job)) {
      return granted(jobs.underToken(request.token()));
    }
    if (!mayGoTo(slot.get(), job)) {
      return new ClaimResult.Lost(Transition.Refusal.STALE);
    }
    Lease lease = lease(slot.get(), request);
    JobEvent event = new JobEvent.Claimed(request.generation(), lease);
    Optional<Transition> outcome = start(job.id(), event);
    if (outcome.isEmpty()) {
      return new ClaimResult.UnknownJob(request.jobId());
    }
    if (outcome.get() instanceof Transition.Refused refused) {
      boolean grantedMeanwhile =
          jobs.find(job.id()).filter(j -> isFor(request.token(), request.slotId(), j)).isPresent();
      return grantedMeanwhile
          ? granted(jobs.underToken(request.token()))
          : new ClaimResult.Lost(refused.why());
    }
    List<Job> taken = new ArrayList<>();
    taken.add(((Transition.Next) outcome.get()).job());
    taken.addAll(more(taken.get(0), slot.get(), lease, request.most()));
    boards.home(job.group(), slot.get().id(), request.shared() ? slot.get().attachment() : null);
    nudge.workChanged(job.group().target());
    return granted(taken);
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

  private boolean isFor(String token, String slotId, Job job) {
    Lease held = job.lease();
    return held != null
        && held.token().equals(token)
        && held.slotId().equals(slotId)
        && held.until().isAfter(jobs.now());
  }

  /** A hand-off is for the slot it names; everything else for any slot of the target. */
  private static boolean mayGoTo(Slot slot, Job job) {
    Release release = job.release();
    boolean handedElsewhere =
        release != null
            && release.generation() == job.generation()
            && release.slotId() != null
            && !release.slotId().equals(slot.id());
    return slot.target() == job.group().target() && !handedElsewhere;
  }

  private Lease lease(Slot slot, ClaimRequest request) {
    return new Lease(
        request.token(),
        slot.id(),
        slot.workerId(),
        request.incarnation(),
        jobs.now().plus(policy.lease()));
  }

  private Optional<Transition> start(String jobId, JobEvent event) {
    Optional<Transition> outcome = moves.move(jobId, event, JobStore.LeaseGuard.ANY);
    outcome
        .filter(Transition.Next.class::isInstance)
        .ifPresent(next -> jobs.attemptStarted(((Transition.Next) next).job()));
    return outcome;
  }

  /** A job that broke before runs alone: if it kills its worker again, it kills no neighbour. */
  private List<Job> more(Job first, Slot slot, Lease lease, int asked) {
    if (first.interrupted() || asked <= 1) {
      return List.of();
    }
    List<Job> waiting = jobs.waiting(first.group(), policy.mostPerClaim() * 4);
    int size =
        BatchSize.of(asked, policy.mostPerClaim(), waiting.size() + 1, liveSlots(slot.target()));
    Run run = jobs.run(first.runId()).orElseThrow();
    List<Job> taken = new ArrayList<>();
    for (Job job : waiting) {
      if (taken.size() + 1 >= size) {
        break;
      }
      if (job.interrupted() || !due(job) || !mayGoTo(slot, job) || !alike(run, job)) {
        continue;
      }
      start(job.id(), new JobEvent.Claimed(job.generation(), lease))
          .filter(Transition.Next.class::isInstance)
          .ifPresent(next -> taken.add(((Transition.Next) next).job()));
    }
    return taken;
  }

  private int liveSlots(Target target) {
    Instant now = fleet.now();
    return (int)
        fleet.slots().stream()
            .filter(s -> s.target() == target && s.live(now, policy.lease()))
            .count();
  }

  private boolean due(Job job) {
    Instant notBefore = job.notBefore();
    return notBefore == null || !notBefore.isAfter(jobs.now());
  }

  /** One process can run both: same sources, same config, same way. */
  private boolean alike(Run run, Job job) {
    if (job.runId().equals(run.id())) {
      return true;
    }
    Run other = jobs.run(job.runId()).orElseThrow();
    return other.bundleSha256().equals(run.bundleSha256())
        && other.projectDir().equals(run.projectDir())
        && other.config().equals(run.config())
        && other.project().equals(run.project())
        && other.reset() == run.reset()
        && other.stock() == run.stock()
        && other.environment().equals(run.environment());
  }

  private ClaimResult granted(List<Job> taken) {
    List<Grant> grants = new ArrayList<>();
    for (Job job : taken) {
      grants.add(
          new Grant(
              job, jobs.run(job.runId()).orElseThrow(), jobs.build(job.group()).orElseThrow()));
    }
    return new ClaimResult.Granted(policy.lease(), grants);
  }

  @Override
  public FinishResult finish(Caller caller, String jobId, FinishRequest request) {
    Optional<Job> found = jobs.find(jobId);
    if (found.isEmpty()) {
      return new FinishResult.UnknownJob(jobId);
    }
    Job job = found.get();
    Lease held = job.lease();
    if (held != null && !held.workerId().equals(caller.workerId())) {
      return new FinishResult.Fenced(Transition.Refusal.FENCED);
    }
    if (isRepeat(jobId, request)) {
      return new FinishResult.Recorded(job);
    }
    Optional<Transition> outcome =
        moves.move(
            jobId,
            new JobEvent.Finished(request.generation(), request.token(), request.ending()),
            JobStore.LeaseGuard.LIVE,
            request.report());
    if (outcome.isEmpty()) {
      return new FinishResult.UnknownJob(jobId);
    }
    if (outcome.get() instanceof Transition.Refused refused) {
      return new FinishResult.Fenced(refused.why());
    }
    learn(job, request.report());
    return new FinishResult.Recorded(((Transition.Next) outcome.get()).job());
  }

  /** Recorded under this token already, and not because the lease was lost meanwhile. */
  private boolean isRepeat(String jobId, FinishRequest request) {
    Ending told = request.ending();
    return jobs.recorded(jobId, request.generation(), request.token())
        .filter(e -> e.outcome() == told.outcome() && e.kind() == told.kind())
        .isPresent();
  }

  private void learn(Job job, AttemptReport report) {
    if (!report.run().isZero()) {
      boards.learned(job.group(), report.installs() > 0 ? report.setUp() : null, report.run());
    }
  }
}
