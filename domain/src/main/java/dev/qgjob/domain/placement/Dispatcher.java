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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
  private final Nudge nudge;
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
    this.nudge = nudge;
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
      return TickResult.nothing(false);
    }
    if (!boards.hasRoom(target, policy.lease())) {
      return TickResult.nothing(true);
    }
    List<Bus.Dispatch> batch = new ArrayList<>();
    List<BoardStore.Released> first = new ArrayList<>();
    List<BoardStore.Released> sent = new ArrayList<>();
    int moved = 0;
    Board board = read(target);
    List<Decision> wanted = Placement.decide(board);
    List<Decision> decisions = keptApart(wanted);
    if (decisions.size() < wanted.size()) {
      nudge.workChanged(target);
    }
    for (Decision decision : decisions) {
      Job job = decision.job();
      List<BoardStore.Released> noted = job.suspect() ? first : sent;
      if (decision instanceof Decision.Share) {
        batch.add(
            new Bus.Dispatch.Shared(
                target, job.group().messageGroup(), job.id(), job.generation(), job.priority()));
        noted.add(new BoardStore.Released(job.id(), job.generation(), null));
      } else if (decision instanceof Decision.HandOff handOff) {
        batch.add(handOff(job, handOff.workerId(), handOff.slotId()));
        noted.add(new BoardStore.Released(job.id(), job.generation(), handOff.slotId()));
      } else if (decision instanceof Decision.Redirect redirect) {
        Optional<Job> next = redirected(job);
        if (next.isPresent()) {
          moved++;
          batch.add(handOff(next.get(), redirect.workerId(), redirect.slotId()));
          noted.add(new BoardStore.Released(job.id(), next.get().generation(), redirect.slotId()));
        }
      }
    }
    if (!batch.isEmpty()) {
      // noted before it is sent: its claim waits for this commit, and counts only if that comes
      boards.released(first);
      // sent before it is noted: a crash in between sends a copy, which dies at its claim
      bus.send(batch);
      boards.released(sent);
      if (Heads.moreWait(board, decisions)) {
        nudge.workChanged(target);
      }
    }
    Optional<Transfers.Others> others = others(board);
    List<Job> going = others.map(o -> Transfers.into(board, decisions, o)).orElse(List.of());
    for (Job job : going) {
      moved +=
          moved(job, new JobEvent.Transferred(job.generation(), target), JobStore.LeaseGuard.ANY);
    }
    if (!wanted.isEmpty() || !going.isEmpty()) {
      log.decided(
          Decided.of(board, wanted, leftOut(wanted, decisions), going, others.orElse(null)));
    }
    settled(board, decisions).ifPresent(after -> nudge.workDue(target, after));
    return new TickResult(
        true, true, batch.size(), moved, awaitsOthers(board) || decisions.size() < wanted.size());
  }

  private static boolean awaitsOthers(Board board) {
    Set<String> orgs =
        board.groups().stream().map(group -> group.key().orgId()).collect(Collectors.toSet());
    return board.left().entrySet().stream()
            .anyMatch(left -> left.getValue() <= 0 && orgs.contains(Resource.orgOf(left.getKey())))
        || (!board.suspects().isEmpty()
            && board.groups().stream()
                .anyMatch(group -> group.heads().stream().anyMatch(Job::suspect)));
  }

  /**
   * When the first of the work that waits beside an idle slot will have waited long enough to be
   * worth another install.
   */
  private static Optional<Duration> settled(Board board, List<Decision> decisions) {
    Set<String> sent = new HashSet<>();
    decisions.forEach(decision -> sent.add(decision.job().id()));
    Set<String> idle = new HashSet<>();
    board.slots().stream()
        .filter(load -> load.running() == 0 && !load.held())
        .forEach(load -> idle.add(load.slot().id()));
    decisions.stream()
        .map(decision -> decision instanceof Decision.HandOff handOff ? handOff.slotId() : null)
        .filter(Objects::nonNull)
        .forEach(idle::remove);
    if (idle.isEmpty()) {
      return Optional.empty();
    }
    return board.groups().stream()
        .flatMap(
            group ->
                group.heads().stream()
                    .filter(job -> !sent.contains(job.id()))
                    .map(job -> Placement.settledAt(group, job)))
        .filter(at -> at.isAfter(board.now()))
        .min(Comparator.naturalOrder())
        .map(at -> Duration.between(board.now(), at));
  }

  private Board read(Target target) {
    Board board = boards.read(target, policy.lease());
    Set<String> scarce = board.asked();
    // jobs of other targets use them as well
    return scarce.isEmpty() ? board : board.withLeft(boards.takeStock(scarce));
  }

  /**
   * Without those by which another target's tick might bring two jobs that broke before together on
   * one worker. Who places such a job holds the worker's row until the commit shows it to the
   * others; what is dropped here, the next tick decides again.
   */
  private List<Decision> keptApart(List<Decision> decisions) {
    Set<String> chosen =
        decisions.stream()
            .filter(decision -> decision.job().suspect())
            .flatMap(decision -> decision.worker().stream())
            .collect(Collectors.toSet());
    if (chosen.isEmpty()) {
      return decisions;
    }
    Set<String> free = new HashSet<>(fleet.lockFreeWorkers(chosen).keySet());
    free.removeAll(boards.suspects());
    return decisions.stream()
        .filter(decision -> !decision.job().suspect() || free.containsAll(decision.worker()))
        .toList();
  }

  private static Set<String> leftOut(List<Decision> wanted, List<Decision> done) {
    Set<String> left = new HashSet<>();
    wanted.forEach(decision -> left.add(decision.job().id()));
    done.forEach(decision -> left.remove(decision.job().id()));
    return left;
  }

  /** What may come here from other targets; the tick that follows at once sends what does. */
  private Optional<Transfers.Others> others(Board board) {
    List<Transfers.Candidate> candidates = boards.transferable(board, Transfers.AT_ONCE);
    if (candidates.isEmpty()) {
      return Optional.empty();
    }
    Map<Target, Board> there = new EnumMap<>(Target.class);
    for (Transfers.Candidate candidate : candidates) {
      there.computeIfAbsent(
          candidate.job().group().target(), target -> boards.read(target, policy.lease()));
    }
    return Optional.of(new Transfers.Others(there, candidates));
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
    List<Job> expired = jobs.expired(MOST_PER_SWEEP);
    Map<String, Worker> holders = holders(expired);
    for (Job job : expired) {
      touched += moved(job, lost(job, absence, holders), JobStore.LeaseGuard.EXPIRED);
    }
    for (Target target : Target.values()) {
      for (Job job : boards.unreported(target, policy.grace(), policy.lease(), MOST_PER_SWEEP)) {
        touched += moved(job, new JobEvent.MessageLost(job.generation()), JobStore.LeaseGuard.ANY);
      }
    }
    return touched;
  }

  /**
   * The workers that hold these jobs, locked, without those about whom somebody is writing at this
   * moment: a server that stands still in the midst of a beat must not hold up the leases of all.
   * Locked before any job, as beats do.
   */
  private Map<String, Worker> holders(List<Job> expired) {
    SortedSet<String> ids = new TreeSet<>();
    for (Job job : expired) {
      if (job.lease() != null) {
        ids.add(job.lease().workerId());
      }
    }
    return ids.isEmpty() ? Map.of() : fleet.lockFreeWorkers(ids);
  }

  private JobEvent lost(Job job, Absence absence, Map<String, Worker> holders) {
    Lease lease = job.lease();
    if (lease != null && absence.explains(lease, policy.lease())) {
      return new JobEvent.Interrupted(
          job.generation(), "the lease ran out while the server or its database was away");
    }
    if (lease != null && isAlive(holders.get(lease.workerId()), lease)) {
      return new JobEvent.Interrupted(
          job.generation(), "the lease ran out: slot " + lease.slotId() + " does not hold it");
    }
    String who = lease == null ? "its slot" : "slot " + lease.slotId();
    return new JobEvent.LeaseLost(
        job.generation(), "the lease ran out: nothing was heard of " + who);
  }

  /**
   * It was heard of lately, in the incarnation that the lease was granted to, or is being heard at
   * this moment.
   */
  private boolean isAlive(@Nullable Worker holder, Lease lease) {
    if (holder == null) {
      return fleet.worker(lease.workerId()).isPresent();
    }
    return holder.incarnation() == lease.incarnation()
        && holder.lastBeatAt() != null
        && holder.lastBeatAt().isAfter(jobs.now().minus(policy.alive()));
  }

  private int moved(Job job, JobEvent event, JobStore.LeaseGuard guard) {
    return moves.move(job.id(), event, guard).filter(Transition.Next.class::isInstance).isPresent()
        ? 1
        : 0;
  }
}
