package dev.qgjob.lab.schedule;

import static dev.qgjob.lab.schedule.VirtualStore.seconds;
import static dev.qgjob.lab.schedule.VirtualStore.span;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.lease.LeaseDesk;
import dev.qgjob.domain.lease.LeasePolicy;
import dev.qgjob.domain.lease.Leases;
import dev.qgjob.domain.placement.Dispatcher;
import dev.qgjob.domain.placement.Nudge;
import dev.qgjob.domain.report.AttemptReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A workload through the server's own dispatcher, placement and lease desk in virtual time.
 *
 * <p>Messages, claims and reports take no time; a slot claims as soon as it is idle. Everything is
 * in one order that follows from the workload alone.
 */
final class Simulation implements Nudge {
  private static final LeasePolicy POLICY = new LeasePolicy(Duration.ofSeconds(60), 1);
  private static final Duration TIMER = Duration.ofSeconds(1);

  private final Workload workload;
  private final VirtualStore store;
  private final VirtualBroker broker = new VirtualBroker();
  private final Dispatcher dispatcher;
  private final LeaseDesk desk;
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparing(Event::at).thenComparing(Event::number));
  private final Set<Target> changed = EnumSet.noneOf(Target.class);
  private final Map<String, Attempt> running = new HashMap<>();
  private final List<Outcome.Placed> placed = new ArrayList<>();
  private final List<String> fresh = new ArrayList<>();
  private final @Nullable Calibration calibration;
  private long numbers;
  private int decisions;
  private boolean timed;

  private record Event(Instant at, long number, Runnable what) {}

  private record Attempt(
      Job job, String slotId, String token, boolean install, Instant start, Instant end) {}

  private Simulation(Workload workload, @Nullable Calibration calibration) {
    this.workload = workload;
    this.store = new VirtualStore(workload);
    this.calibration = calibration;
    this.dispatcher = new Dispatcher(store, store, store, broker, POLICY, this);
    this.desk = new LeaseDesk(store, store, store, POLICY, this);
  }

  /** Runs the workload to its end. */
  static Outcome run(Workload workload) {
    return new Simulation(workload, null).played();
  }

  /** The same, and asks for forecasts on the way: most of the time goes into these. */
  static Outcome run(Workload workload, Calibration calibration) {
    return new Simulation(workload, calibration).played();
  }

  private Outcome played() {
    schedule();
    play();
    return outcome();
  }

  private void schedule() {
    for (Workload.SlotSpec slot : workload.slots()) {
      at(Instant.EPOCH, () -> attach(slot));
      for (Workload.Away away : slot.away()) {
        at(instant(away.from()), () -> lose(slot));
        at(instant(away.until()), () -> attach(slot));
      }
    }
    for (Workload.JobSpec job : workload.jobs()) {
      at(instant(job.submitted()), () -> submit(job));
    }
  }

  private static Instant instant(double seconds) {
    return Instant.EPOCH.plus(span(seconds));
  }

  private void at(Instant when, Runnable what) {
    events.add(new Event(when, numbers++, what));
  }

  private void play() {
    while (!events.isEmpty()) {
      Instant now = events.element().at();
      store.setNow(now);
      while (!events.isEmpty() && events.element().at().equals(now)) {
        events.remove().what().run();
      }
      settle();
      if (calibration != null) {
        for (String jobId : fresh) {
          ask(jobId, calibration);
        }
        fresh.clear();
      }
    }
  }

  private void ask(String jobId, Calibration of) {
    Job job = store.find(jobId).orElseThrow();
    of.ask(
        job,
        store.read(job.group().target(), POLICY.lease()),
        store.spec(jobId).device(),
        store.before(job));
  }

  /** Ticks and claims until nothing changes at this moment. */
  private void settle() {
    workload.slots().forEach(slot -> claim(slot.id()));
    while (!changed.isEmpty()) {
      Set<Target> now = EnumSet.copyOf(changed);
      changed.clear();
      now.forEach(target -> decisions += dispatcher.tick(target).released());
      workload.slots().forEach(slot -> claim(slot.id()));
    }
    if (!timed && store.someWait() && store.someSlotIdles()) {
      timed = true;
      at(store.now().plus(TIMER), this::tickAll);
    }
  }

  private void tickAll() {
    timed = false;
    changed.addAll(EnumSet.allOf(Target.class));
  }

  private void submit(Workload.JobSpec job) {
    Target target =
        job.targets().stream()
            .filter(t -> store.slots().stream().anyMatch(s -> s.target() == t && s.attached()))
            .findFirst()
            .orElse(job.targets().get(0));
    store.submit(job, target);
    if (calibration != null && calibration.wants()) {
      fresh.add(job.id());
    }
    changed.addAll(job.targets());
  }

  private void attach(Workload.SlotSpec slot) {
    store.attach(slot);
    broker.attach(slot.id(), slot.target());
    changed.add(slot.target());
  }

  private void lose(Workload.SlotSpec slot) {
    store.lose(slot.id());
    broker.detach(slot.id(), slot.target());
    running.remove(slot.id());
    dispatcher.sweep();
    at(store.now().plus(POLICY.lease()), dispatcher::sweep);
    changed.add(slot.target());
  }

  /** An idle slot claims what waits at it; a busy one tells what does. */
  private void claim(String slotId) {
    while (!running.containsKey(slotId)) {
      var message = broker.next(slotId);
      if (message.isEmpty()) {
        return;
      }
      claim(slotId, message.get());
    }
    store.noteInbox(
        slotId,
        broker.waiting(slotId).stream()
            .map(m -> new Fleet.InboxEntry(m.jobId(), m.generation()))
            .toList());
  }

  private void claim(String slotId, VirtualBroker.Message message) {
    String token = message.jobId() + "#" + message.generation();
    Leases.ClaimResult result =
        desk.claim(
            caller(slotId),
            new Leases.ClaimRequest(
                1, slotId, message.jobId(), message.generation(), token, 1, message.shared()));
    if (result instanceof Leases.ClaimResult.Granted granted) {
      granted.grants().forEach(grant -> start(grant.job(), slotId, token));
    }
  }

  private void start(Job job, String slotId, String token) {
    if (calibration != null) {
      calibration.began(job.id(), store.now());
    }
    boolean install = job.group().target().setsUpEachSession() || !store.holds(slotId, job.group());
    double setUp = install ? workload.install(job.group().target()) : 0;
    if (install) {
      store.installed(slotId, job.group());
    }
    Instant end = store.now().plus(span(setUp + store.spec(job.id()).duration()));
    Attempt attempt = new Attempt(job, slotId, token, install, store.now(), end);
    running.put(slotId, attempt);
    at(end, () -> finish(attempt));
  }

  private void finish(Attempt attempt) {
    if (!attempt.equals(running.get(attempt.slotId()))) {
      return; // the slot was lost meanwhile
    }
    running.remove(attempt.slotId());
    Duration setUp =
        attempt.install() ? span(workload.install(attempt.job().group().target())) : Duration.ZERO;
    store.beat(attempt.job().id(), POLICY.lease());
    Leases.FinishResult result =
        desk.finish(
            caller(attempt.slotId()),
            attempt.job().id(),
            new Leases.FinishRequest(
                attempt.job().generation(),
                attempt.token(),
                new Ending(JobState.PASSED, null, null),
                new AttemptReport(
                    attempt.install() ? 1 : 0,
                    1,
                    setUp,
                    span(store.spec(attempt.job().id()).duration()),
                    List.of())));
    if (result instanceof Leases.FinishResult.Recorded) {
      placed.add(
          new Outcome.Placed(
              attempt.job().id(),
              attempt.slotId(),
              attempt.install(),
              sinceTheBeginning(attempt.start()),
              sinceTheBeginning(attempt.end())));
    }
  }

  private static double sinceTheBeginning(Instant instant) {
    return seconds(Duration.between(Instant.EPOCH, instant));
  }

  private static Caller caller(String slotId) {
    return new Caller("token", Role.WORKER, null, VirtualStore.workerOf(slotId));
  }

  private Outcome outcome() {
    placed.sort(
        Comparator.comparingDouble(Outcome.Placed::start).thenComparing(Outcome.Placed::job));
    return new Outcome(placed, decisions);
  }

  @Override
  public void workChanged(Target target) {
    changed.add(target);
  }

  @Override
  public void stop(String workerId, String jobId, long generation) {
    throw new IllegalStateException("nobody cancels here");
  }
}
