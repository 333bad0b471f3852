package dev.qgjob.domain.simulation;

import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.fleet.Fleet.HeldLease;
import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.FailureKind;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.lease.Leases;
import dev.qgjob.domain.placement.Bus;
import dev.qgjob.domain.report.AttemptReport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One slot of a process: an inbox, and the one thing that it does at a time. */
final class SlotProcess {
  /** Why a run is stopped. */
  enum Stop {
    ASKED,
    WORKER_ENDS,
    LEASE_LOST
  }

  private static final class Asking {
    final Broker.Message message;
    final String jobId;
    final long generation;
    final String token;
    final long askedAt;
    int tries;

    Asking(Broker.Message message, String token, long askedAt) {
      this.message = message;
      this.jobId = jobId(message);
      this.generation = generation(message);
      this.token = token;
      this.askedAt = askedAt;
    }
  }

  private static final class Running {
    final HeldLease lease;
    final Leases.Grant grant;
    final Plan.Behaviour behaviour;
    @Nullable Stop stopped;
    boolean over;

    Running(HeldLease lease, Leases.Grant grant, Plan.Behaviour behaviour) {
      this.lease = lease;
      this.grant = grant;
      this.behaviour = behaviour;
    }
  }

  private record Report(Running job, Ending ending) {}

  private final Simulation world;
  private final WorkerProcess process;
  private final String id;
  private final Target target;
  private final Deque<Broker.Message> inbox = new ArrayDeque<>();
  private @Nullable Asking asking;
  private boolean active;
  private boolean open = true;

  private final List<Running> batch = new ArrayList<>();
  private int place;
  private @Nullable Running executing;
  private Agenda.@Nullable Item end;
  private final Deque<Report> reports = new ArrayDeque<>();
  private boolean reporting;
  private int installs;

  SlotProcess(Simulation world, WorkerProcess process, String id, Target target) {
    this.world = world;
    this.process = process;
    this.id = id;
    this.target = target;
  }

  String id() {
    return id;
  }

  Target target() {
    return target;
  }

  boolean idle() {
    return !active;
  }

  private static String jobId(Broker.Message message) {
    return message.dispatch instanceof Bus.Dispatch.Shared shared
        ? shared.jobId()
        : ((Bus.Dispatch.HandOff) message.dispatch).jobId();
  }

  private static long generation(Broker.Message message) {
    return message.dispatch instanceof Bus.Dispatch.Shared shared
        ? shared.generation()
        : ((Bus.Dispatch.HandOff) message.dispatch).generation();
  }

  List<Fleet.InboxEntry> inbox() {
    List<Fleet.InboxEntry> entries = new ArrayList<>();
    if (asking != null) {
      entries.add(new Fleet.InboxEntry(asking.jobId, asking.generation));
    }
    inbox.forEach(m -> entries.add(new Fleet.InboxEntry(jobId(m), generation(m))));
    return entries;
  }

  void offer(Broker.Message message) {
    if (!open) {
      return;
    }
    inbox.add(message);
    if (!active) {
      active = true;
      next();
    }
  }

  void forget() {
    inbox.clear();
  }

  void close() {
    open = false;
    inbox.clear();
  }

  // ---- claims

  private void next() {
    asking = null;
    Broker.Message message = open ? inbox.poll() : null;
    if (message == null) {
      active = false;
      process.beatSoon();
      return;
    }
    asking = new Asking(message, world.newToken(), process.host().mono());
    if (world.mutant() == Mutant.ACKNOWLEDGE_BEFORE_THE_ANSWER) {
      world.broker().acknowledge(message);
    }
    claim(asking);
  }

  private void claim(Asking asked) {
    Leases.ClaimRequest request =
        new Leases.ClaimRequest(
            process.incarnation(),
            id,
            asked.jobId,
            asked.generation,
            asked.token,
            world.plan().asked,
            asked.message.dispatch instanceof Bus.Dispatch.Shared);
    world
        .network()
        .call(
            process,
            "claim " + asked.jobId,
            null,
            process.brief(),
            server -> server.claim(process.workerId(), request),
            answer -> {
              if (answer instanceof Leases.ClaimResult.Granted granted) {
                won(asked, granted);
              } else if (answer instanceof Leases.ClaimResult.NotRegistered) {
                unclear(asked);
              } else {
                world.broker().acknowledge(asked.message);
                next();
              }
            },
            () -> unclear(asked));
  }

  private void unclear(Asking asked) {
    if (world.mutant() == Mutant.ACKNOWLEDGE_BEFORE_THE_ANSWER) {
      next();
      return;
    }
    if (asked.tries == 0) {
      process.beatSoon();
    }
    pause(asked.tries++, () -> claim(asked), this::next);
  }

  /** Waits before the next try, or ends at once where the slot takes no work any more. */
  private void pause(int tries, Runnable then, Runnable closed) {
    if (!open) {
      closed.run();
      return;
    }
    long pause = world.chance().backOff(tries, 50, process.lease() / 6);
    world
        .agenda()
        .after(
            pause,
            () ->
                process.enter(
                    () -> {
                      if (open) {
                        then.run();
                      } else {
                        closed.run();
                      }
                    }));
  }

  private void won(Asking asked, Leases.ClaimResult.Granted granted) {
    asking = null;
    world.broker().acknowledge(asked.message);
    for (Leases.Grant grant : granted.grants()) {
      inbox.removeIf(
          m -> {
            boolean mine =
                jobId(m).equals(grant.job().id()) && generation(m) == grant.job().generation();
            if (mine) {
              world.broker().acknowledge(m);
            }
            return mine;
          });
    }
    long now = process.host().mono();
    if (now - asked.askedAt < process.lease() / 2) {
      run(granted.grants(), asked.token, asked.askedAt);
    } else {
      confirm(granted.grants(), asked.token, now, 0);
    }
  }

  /** Nothing may run under a lease that was asked for long ago, until a beat says that it lives. */
  private void confirm(List<Leases.Grant> grants, String token, long provenFrom, int tries) {
    List<HeldLease> asked = grants.stream().map(g -> lease(g, token)).toList();
    process.beat(
        asked,
        alive ->
            run(
                grants.stream().filter(g -> alive.contains(g.job().id())).toList(),
                token,
                provenFrom),
        () ->
            pause(
                tries,
                () -> confirm(grants, token, provenFrom, tries + 1),
                () -> run(List.of(), token, provenFrom)));
  }

  private static HeldLease lease(Leases.Grant grant, String token) {
    return new HeldLease(grant.job().id(), grant.job().generation(), token);
  }

  // ---- runs

  private void run(List<Leases.Grant> grants, String token, long provenFrom) {
    batch.clear();
    place = 0;
    for (Leases.Grant grant : grants) {
      HeldLease lease = lease(grant, token);
      batch.add(new Running(lease, grant, world.plan().of(grant.job().testPath())));
      process.hold(lease, provenFrom);
    }
    execute();
  }

  private void execute() {
    if (place == batch.size()) {
      executing = null;
      if (reports.isEmpty() && !reporting) {
        next();
      }
      return;
    }
    Running job = batch.get(place++);
    if (job.stopped != null) {
      over(job, cancelled(job));
      execute();
      return;
    }
    executing = job;
    world.executions().began(process, job.lease, world.agenda().now());
    process.host().begun.add(job.lease.jobId());
    Plan.Behaviour behaviour = job.behaviour;
    if (behaviour.kills()) {
      end =
          later(
              behaviour.dyingAfter(),
              () -> process.die(job.lease.jobId(), world.chance().of(0.7), world.restartPause()));
      return;
    }
    long setUp = install(job.grant);
    end = later(setUp + behaviour.duration(), () -> finished(job));
  }

  private long install(Leases.Grant grant) {
    String packageName = grant.build().packageName();
    Map<String, String> holds = process.host().holds.computeIfAbsent(id, k -> new HashMap<>());
    if (grant.build().sha256().equals(holds.put(packageName, grant.build().sha256()))) {
      return 0;
    }
    installs = 1;
    return 100;
  }

  private Agenda.Item later(long pause, Runnable what) {
    return world.agenda().after(pause, () -> process.enter(what));
  }

  private void finished(Running job) {
    if (job.over) {
      return;
    }
    world.executions().ended(process, job.lease);
    executing = null;
    over(job, new Ending(job.behaviour.outcome(), job.behaviour.kind(), null));
    execute();
  }

  private void over(Running job, Ending ending) {
    job.over = true;
    process.host().begun.remove(job.lease.jobId());
    reports.add(new Report(job, ending));
    if (!reporting) {
      report();
    }
  }

  private static Ending cancelled(Running job) {
    return job.stopped == Stop.ASKED
        ? new Ending(JobState.CANCELLED, null, "stopped")
        : new Ending(JobState.ERROR, FailureKind.INFRASTRUCTURE, "the worker ends");
  }

  /** Stops a job of the batch; the first cause stands, but for a lost lease. */
  void stop(HeldLease lease, Stop cause) {
    for (Running job : batch) {
      if (job.lease.equals(lease) && !job.over) {
        boolean first = job.stopped == null;
        if (first || cause == Stop.LEASE_LOST) {
          job.stopped = cause;
        }
        if (first && job == executing) {
          if (end != null) {
            end.callOff();
          }
          end = later(world.chance().between(0, 200), () -> killed(job));
        }
      }
    }
  }

  private void killed(Running job) {
    if (job.over) {
      return;
    }
    world.executions().ended(process, job.lease);
    executing = null;
    over(job, cancelled(job));
    execute();
  }

  void stopAll(Stop cause) {
    List.copyOf(batch).forEach(j -> stop(j.lease, cause));
  }

  /** The process is gone, and its children with it. */
  void gone() {
    if (executing != null) {
      world.executions().ended(process, executing.lease);
      executing = null;
    }
  }

  // ---- reports

  private void report() {
    Report next = reports.poll();
    if (next == null) {
      reporting = false;
      if (executing == null && place == batch.size()) {
        next();
      }
      return;
    }
    reporting = true;
    deliver(next, 0);
  }

  private void deliver(Report report, int tries) {
    Running job = report.job();
    if (job.stopped == Stop.LEASE_LOST || !process.proven(job.lease)) {
      later(0, () -> done(job));
      return;
    }
    Leases.FinishRequest request =
        new Leases.FinishRequest(
            job.lease.generation(),
            job.lease.token(),
            report.ending(),
            new AttemptReport(
                installs,
                1,
                Duration.ofMillis(installs * 100L),
                Duration.ofMillis(job.behaviour.duration()),
                List.of()));
    installs = 0;
    world
        .network()
        .call(
            process,
            "finish " + job.lease.jobId(),
            null,
            process.patient(),
            server -> server.finish(process.workerId(), job.lease.jobId(), request),
            answer -> done(job),
            () ->
                later(
                    world.chance().backOff(tries, 50, process.lease() / 4),
                    () -> deliver(report, tries + 1)));
  }

  private void done(Running job) {
    process.release(job.lease);
    report();
  }
}
