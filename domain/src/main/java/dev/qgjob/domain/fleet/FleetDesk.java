package dev.qgjob.domain.fleet;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Sha256;
import dev.qgjob.domain.blame.BlameStore;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobEvent;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Requeue;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.lease.JobMoves;
import dev.qgjob.domain.lease.JobStore;
import dev.qgjob.domain.lease.LeasePolicy;
import dev.qgjob.domain.placement.Nudge;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Keeps the list of workers and slots; ends what a restarted or leaving worker left behind. */
public final class FleetDesk implements Fleet {
  /** What a slot was doubted for longer ago says nothing of it today. */
  private static final Duration DOUBTED_FOR = Duration.ofDays(7);

  private final FleetStore fleet;
  private final JobStore jobs;
  private final LeasePolicy policy;
  private final Nudge nudge;
  private final BlameStore blame;
  private final JobMoves moves;

  /** Of an installation that draws nothing from attempts that disagree. */
  public FleetDesk(FleetStore fleet, JobStore jobs, LeasePolicy policy, Nudge nudge) {
    this(fleet, jobs, policy, nudge, BlameStore.FORGETFUL);
  }

  public FleetDesk(
      FleetStore fleet, JobStore jobs, LeasePolicy policy, Nudge nudge, BlameStore blame) {
    this.blame = blame;
    this.fleet = fleet;
    this.jobs = jobs;
    this.policy = policy;
    this.nudge = nudge;
    this.moves = new JobMoves(jobs, nudge);
  }

  @Override
  public Registration register(
      Caller caller, StateProof proof, String version, List<SlotOffer> slots) {
    Worker before = fleet.lockWorker(workerId(caller)).orElseThrow();
    Instant now = fleet.now();
    String hash = Sha256.hex(proof.secret());
    boolean sameState = hash.equals(before.stateProofHash());
    if (sameState && proof.registration() <= before.registration()) {
      return sentAgain(before, proof);
    }
    if (!sameState && (beats(before, now) || holdsLeases(before, now))) {
      return new Registration.Occupied(before.name());
    }
    List<Slot> mine = fleet.slotsOf(before.id());
    Optional<Registration> wrong = check(before.id(), mine, slots);
    if (wrong.isPresent()) {
      return wrong.get();
    }
    Worker worker =
        new Worker(
            before.id(),
            before.name(),
            before.incarnation() + 1,
            hash,
            proof.registration(),
            false,
            now,
            before.untrusted());
    fleet.saveWorker(worker);
    if (sameState) {
      endLeases(worker, proof, now);
      acquit(mine, before.lastBeatAt(), lost -> !proof.suspects(lost.jobId()));
    }
    replaceSlots(mine, slots.stream().map(o -> slot(worker, o, false, -1, now)).toList(), now);
    return new Registration.Registered(worker, policy.lease(), policy.beat());
  }

  private Registration sentAgain(Worker worker, StateProof proof) {
    boolean current = proof.registration() == worker.registration() && worker.lastBeatAt() != null;
    return current
        ? new Registration.Registered(worker, policy.lease(), policy.beat())
        : new Registration.Late(worker.name());
  }

  private boolean beats(Worker worker, Instant now) {
    Instant last = worker.lastBeatAt();
    return last != null && last.plus(policy.lease()).isAfter(now);
  }

  /**
   * A lease may have been granted after the last beat. Who shows another state must not come into
   * its possession: with the next registration it would end it, as if it were its own.
   */
  private boolean holdsLeases(Worker worker, Instant now) {
    return jobs.leasedBefore(worker.id(), worker.incarnation() + 1).stream()
        .map(Job::lease)
        .anyMatch(lease -> lease != null && lease.until().isAfter(now));
  }

  private Optional<Registration> check(String workerId, List<Slot> mine, List<SlotOffer> slots) {
    Set<String> own = new HashSet<>();
    mine.forEach(slot -> own.add(slot.id()));
    Set<String> seen = new HashSet<>();
    for (SlotOffer offer : slots) {
      if (!seen.add(offer.id())) {
        return Optional.of(
            new Registration.Invalid(
                "slots", "slot " + offer.id() + " is listed twice", "list each slot once"));
      }
      Optional<Slot> other =
          own.contains(offer.id())
              ? Optional.empty()
              : fleet.slot(offer.id()).filter(s -> !s.workerId().equals(workerId));
      if (other.isPresent()) {
        return Optional.of(
            new Registration.Invalid(
                "slots",
                "slot " + offer.id() + " belongs to worker " + other.get().workerId(),
                "give the worker a name of its own"));
      }
    }
    return Optional.empty();
  }

  @Override
  public BeatResult beat(Caller caller, BeatReport beat) {
    Worker worker = fleet.lockWorker(workerId(caller)).orElseThrow();
    if (worker.incarnation() != beat.incarnation() || worker.lastBeatAt() == null) {
      return new BeatResult.NotRegistered("incarnation " + beat.incarnation() + " is not current");
    }
    List<Slot> before = fleet.slotsOf(worker.id());
    Optional<Registration> wrong =
        check(worker.id(), before, beat.slots().stream().map(SlotReport::offer).toList());
    if (wrong.isPresent()) {
      return new BeatResult.NotRegistered(((Registration.Invalid) wrong.get()).problem());
    }
    Instant now = fleet.now();
    replaceSlots(
        before,
        beat.slots().stream()
            .map(r -> slot(worker, r.offer(), r.attached(), r.attachment(), now))
            .toList(),
        now);
    if (!worker.lastBeatAt().plus(policy.lease()).isAfter(now)) {
      // silent long enough to lose leases, and lives: no job has killed it. A beat that was on its
      // way when its worker died says so too, and costs one more attempt
      acquit(before, worker.lastBeatAt(), lost -> true);
    }
    fleet.beaten(worker.id(), now);
    beat.slots().forEach(r -> fleet.noteInbox(r.offer().id(), r.inbox()));
    return new BeatResult.Answer(renew(worker, beat.leases()), worker.draining());
  }

  /** Takes back what was counted against those that cannot have ended the worker. */
  private void acquit(
      List<Slot> slots, @Nullable Instant lastHeard, Predicate<Requeue> cannotHaveEndedIt) {
    if (lastHeard == null) {
      return;
    }
    List<String> ids = slots.stream().map(Slot::id).toList();
    for (Requeue lost : jobs.lostAt(ids, lastHeard)) {
      if (cannotHaveEndedIt.test(lost)) {
        moves.move(
            lost.jobId(), new JobEvent.Acquitted(lost.generation()), JobStore.LeaseGuard.ANY);
      }
    }
  }

  private List<LeaseAnswer> renew(Worker worker, List<HeldLease> held) {
    if (held.isEmpty()) {
      return List.of();
    }
    Set<String> alive =
        jobs.renew(
            worker.id(),
            worker.incarnation(),
            held.stream().map(HeldLease::token).distinct().toList(),
            policy.lease());
    return held.stream()
        .map(
            l ->
                alive.contains(l.jobId())
                    ? new LeaseAnswer(l.jobId(), true, null)
                    : new LeaseAnswer(l.jobId(), false, whyLost(l.jobId())))
        .toList();
  }

  private String whyLost(String jobId) {
    return jobs.find(jobId)
        .filter(j -> j.state() == JobState.CANCELLED)
        .map(j -> "the job was cancelled")
        .orElse("the lease is not held any more");
  }

  @Override
  public void leave(Caller caller, long incarnation) {
    Worker worker = fleet.lockWorker(workerId(caller)).orElseThrow();
    if (worker.incarnation() != incarnation) {
      return;
    }
    String reason = "worker " + worker.name() + " left";
    for (Job job : jobs.leasedBefore(worker.id(), incarnation + 1)) {
      end(job, new JobEvent.LeaseLost(job.generation(), reason));
    }
    replaceSlots(fleet.slotsOf(worker.id()), List.of(), fleet.now());
    fleet.saveWorker(
        new Worker(
            worker.id(),
            worker.name(),
            incarnation,
            worker.stateProofHash(),
            worker.registration(),
            false,
            null,
            worker.untrusted()));
  }

  @Override
  public List<SlotStatus> slots() {
    Instant now = fleet.now();
    Map<String, String> running = fleet.running();
    Map<String, Hold> holds = fleet.holds();
    Map<String, Integer> doubts = blame.doubts(DOUBTED_FOR);
    return fleet.slots().stream()
        .map(
            s ->
                new SlotStatus(
                    s,
                    s.live(now, policy.lease()),
                    running.get(s.id()),
                    holds.get(s.id()),
                    doubts.getOrDefault(s.id(), 0)))
        .toList();
  }

  @Override
  public Optional<SlotStatus> hold(Caller caller, String slotId, Duration time, String reason) {
    Optional<Slot> slot = fleet.slot(slotId);
    slot.ifPresent(
        there -> {
          fleet.hold(new Hold(slotId, fleet.now().plus(time), reason, caller.tokenId()));
          nudge.workChanged(there.target());
        });
    return slot.flatMap(
        there -> slots().stream().filter(s -> s.slot().id().equals(slotId)).findFirst());
  }

  @Override
  public boolean release(Caller caller, String slotId) {
    boolean held = fleet.release(slotId);
    fleet.slot(slotId).ifPresent(slot -> nudge.workChanged(slot.target()));
    return held;
  }

  /**
   * Ends the leases of earlier starts. Those that ran out are left to the sweep, which knows
   * whether a server was there to renew them.
   */
  private void endLeases(Worker restarted, Fleet.StateProof proof, Instant now) {
    String reason = "worker " + restarted.name() + " restarted";
    for (Job job : jobs.leasedBefore(restarted.id(), restarted.incarnation())) {
      Lease lease = job.lease();
      if (!proof.suspects(job.id())) {
        end(job, new JobEvent.Interrupted(job.generation(), reason + " before the job had begun"));
      } else if (lease != null && lease.until().isAfter(now)) {
        end(job, new JobEvent.LeaseLost(job.generation(), reason));
      }
    }
  }

  private void end(Job job, JobEvent event) {
    moves.move(job.id(), event, JobStore.LeaseGuard.ANY);
  }

  /** Writes what has changed, for most beats bring nothing new, and wakes whom that concerns. */
  private void replaceSlots(List<Slot> before, List<Slot> now, Instant at) {
    Map<String, Slot> gone = new HashMap<>();
    before.forEach(slot -> gone.put(slot.id(), slot));
    Set<Target> touched = EnumSet.noneOf(Target.class);
    for (Slot slot : now) {
      Slot old = gone.remove(slot.id());
      boolean same = old != null && old.heardOf(at).equals(slot);
      if (!same) {
        fleet.saveSlot(slot);
      }
      if (!same || !old.live(at, policy.lease())) {
        touched.add(slot.target());
      }
    }
    for (Slot slot : gone.values()) {
      fleet.removeSlot(slot.id());
      touched.add(slot.target());
    }
    touched.forEach(nudge::workChanged);
  }

  private static Slot slot(
      Worker worker, SlotOffer offer, boolean attached, long attachment, Instant now) {
    Map<String, String> capabilities = new HashMap<>(offer.capabilities());
    if (worker.untrusted()) {
      capabilities.putAll(Slot.FOR_UNTRUSTED);
    }
    return new Slot(
        offer.id(),
        worker.id(),
        offer.target(),
        offer.udid(),
        capabilities,
        offer.holds(),
        attached,
        attachment,
        now);
  }

  private static String workerId(Caller caller) {
    String id = caller.workerId();
    if (id == null) {
      throw new IllegalArgumentException(caller.role() + " is not a worker");
    }
    return id;
  }
}
