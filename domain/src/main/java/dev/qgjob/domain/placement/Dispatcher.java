package dev.qgjob.domain.placement;

import dev.qgjob.domain.fleet.FleetStore;
import dev.qgjob.domain.fleet.Worker;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobEvent;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.lease.Absence;
import dev.qgjob.domain.lease.JobMoves;
import dev.qgjob.domain.lease.JobStore;
import dev.qgjob.domain.lease.LeasePolicy;
import dev.qgjob.domain.lease.Pulse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Carries a tick out: read the board, decide, send, note what was sent. */
public final class Dispatcher implements Dispatching {
  private static final int MOST_PER_SWEEP = 500;

  private final BoardStore boards;
  private final JobStore jobs;
  private final FleetStore fleet;
  private final Bus bus;
  private final LeasePolicy policy;
  private final Pulse pulse;
  private final DecisionLog log;
  private final JobMoves moves;

  /** Of an installation that is never away. */
  public Dispatcher(
      BoardStore boards,
      JobStore jobs,
      FleetStore fleet,
      Bus bus,
      LeasePolicy policy,
      Nudge nudge) {
    this(boards, jobs, fleet, bus, policy, nudge, Pulse.STEADY);
  }

  public Dispatcher(
      BoardStore boards,
      JobStore jobs,
      FleetStore fleet,
      Bus bus,
      LeasePolicy policy,
      Nudge nudge,
      Pulse pulse) {
    this(boards, jobs, fleet, bus, policy, nudge, pulse, DecisionLog.NONE);
  }

  public Dispatcher(
      BoardStore boards,
      JobStore jobs,
      FleetStore fleet,
      Bus bus,
      LeasePolicy policy,
      Nudge nudge,
      Pulse pulse,
      DecisionLog log) {
    this.log = log;
    this.fleet = fleet;
    this.pulse = pulse;
    this.boards = boards;
    this.jobs = jobs;
    this.bus = bus;
    this.policy = policy;
    this.moves = new JobMoves(jobs, nudge);
  }

  @Override
  public TickResult tick(Target target) {
    if (!boards.lock(target)) {
      return new TickResult(false, 0, 0);
    }
    if (!boards.hasRoom(target, policy.lease())) {
      return new TickResult(true, 0, 0);
    }
    List<Bus.Dispatch> batch = new ArrayList<>();
    List<BoardStore.Released> sent = new ArrayList<>();
    int moved = 0;
    Board board = boards.read(target, policy.lease());
    List<Decision> decisions = Placement.decide(board);
    for (Decision decision : decisions) {
      Job job = decision.job();
      if (decision instanceof Decision.Share) {
        batch.add(
            new Bus.Dispatch.Shared(
                target, job.group().messageGroup(), job.id(), job.generation(), job.priority()));
        sent.add(new BoardStore.Released(job.id(), job.generation(), null));
      } else if (decision instanceof Decision.HandOff handOff) {
        batch.add(handOff(job, handOff.workerId(), handOff.slotId()));
        sent.add(new BoardStore.Released(job.id(), job.generation(), handOff.slotId()));
      } else if (decision instanceof Decision.Redirect redirect) {
        Optional<Job> next = redirected(job);
        if (next.isPresent()) {
          moved++;
          batch.add(handOff(next.get(), redirect.workerId(), redirect.slotId()));
          sent.add(new BoardStore.Released(job.id(), next.get().generation(), redirect.slotId()));
        }
      }
    }
    if (!batch.isEmpty()) {
      // sent before it is noted: a crash in between sends a copy, which dies at its claim
      bus.send(batch);
      boards.released(sent);
      log.decided(board, decisions);
    }
    return new TickResult(true, batch.size(), moved);
  }

  private static Bus.Dispatch handOff(Job job, String workerId, String slotId) {
    return new Bus.Dispatch.HandOff(workerId, slotId, job.id(), job.generation(), job.priority());
  }

  private Optional<Job> redirected(Job job) {
    return moves
        .move(job.id(), new JobEvent.Moved(job.generation()), JobStore.LeaseGuard.ANY)
        .filter(Transition.Next.class::isInstance)
        .map(t -> ((Transition.Next) t).job());
  }

  @Override
  public int sweep() {
    int touched = 0;
    Absence absence = pulse.beat(policy.leastAbsence());
    for (Job job : jobs.expired(MOST_PER_SWEEP)) {
      touched += moved(job, lost(job, absence), JobStore.LeaseGuard.EXPIRED);
    }
    for (Target target : Target.values()) {
      for (Job job : boards.unreported(target, policy.grace(), policy.lease(), MOST_PER_SWEEP)) {
        touched += moved(job, new JobEvent.MessageLost(job.generation()), JobStore.LeaseGuard.ANY);
      }
    }
    return touched;
  }

  private JobEvent lost(Job job, Absence absence) {
    Lease lease = job.lease();
    if (lease != null && absence.explains(lease, policy.lease())) {
      return new JobEvent.Interrupted(
          job.generation(), "the lease ran out while the server or its database was away");
    }
    if (lease != null && alive(lease)) {
      return new JobEvent.Interrupted(
          job.generation(), "the lease ran out: slot " + lease.slotId() + " does not hold it");
    }
    String who = lease == null ? "its slot" : "slot " + lease.slotId();
    return new JobEvent.LeaseLost(
        job.generation(), "the lease ran out: nothing was heard of " + who);
  }

  /** Its worker was heard of lately, in the incarnation that the lease was granted to. */
  private boolean alive(Lease lease) {
    Instant since = jobs.now().minus(policy.alive());
    return fleet
        .worker(lease.workerId())
        .filter(worker -> worker.incarnation() == lease.incarnation())
        .map(Worker::lastBeatAt)
        .filter(heard -> heard.isAfter(since))
        .isPresent();
  }

  private int moved(Job job, JobEvent event, JobStore.LeaseGuard guard) {
    return moves.move(job.id(), event, guard).filter(Transition.Next.class::isInstance).isPresent()
        ? 1
        : 0;
  }
}
