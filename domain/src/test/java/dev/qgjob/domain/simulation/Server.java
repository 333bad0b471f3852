package dev.qgjob.domain.simulation;

import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.fleet.FleetDesk;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.lease.LeaseDesk;
import dev.qgjob.domain.lease.LeasePolicy;
import dev.qgjob.domain.lease.Leases;
import dev.qgjob.domain.placement.Bus;
import dev.qgjob.domain.placement.Dispatcher;
import dev.qgjob.domain.placement.Nudge;
import dev.qgjob.domain.report.ReportDesk;
import dev.qgjob.domain.report.Reports;
import dev.qgjob.domain.simulation.Database.Kind;
import dev.qgjob.domain.submit.SubmissionDesk;
import dev.qgjob.domain.submit.Submissions;
import dev.qgjob.domain.testing.InMemoryStore;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One of the servers: the real desks over the shared database, the timer that wakes them, and the
 * moments at which it can die.
 */
final class Server {
  /** Where in its next transaction a server dies. */
  enum Death {
    BEFORE_COMMIT,
    AFTER_COMMIT
  }

  private final Simulation world;
  private final String name;
  private final LeaseDesk leases;
  private final FleetDesk fleet;
  private final SubmissionDesk submissions;
  private final Dispatcher dispatcher;
  private final Map<Target, Agenda.Item> woken = new EnumMap<>(Target.class);
  private final List<Target> changed = new ArrayList<>();
  private final List<Bus.Dispatch> stops = new ArrayList<>();
  private boolean up = true;
  private int starts;
  private @Nullable Death dying;

  Server(Simulation world, String name, Stores stores, InMemoryStore rows, Bus bus) {
    this.world = world;
    this.name = name;
    LeasePolicy policy = world.policy();
    Nudge nudge =
        new Nudge() {
          @Override
          public void workChanged(Target target) {
            changed.add(target);
          }

          @Override
          public void stop(String workerId, String jobId, long generation) {
            stops.add(new Bus.Dispatch.Stop(workerId, jobId, generation));
          }
        };
    Reports reports = new ReportDesk(rows, policy.lease());
    leases = new LeaseDesk(stores, stores, stores, policy, nudge);
    fleet = new FleetDesk(stores, stores, policy, nudge);
    submissions = new SubmissionDesk(stores, stores, reports, nudge);
    dispatcher = new Dispatcher(stores, stores, stores, bus, policy, nudge, stores);
  }

  String name() {
    return name;
  }

  boolean up() {
    return up;
  }

  /** It is up, and no death awaits its next transaction. */
  boolean works() {
    return up && dying == null;
  }

  /** Rises with every death: what began before one is void after it. */
  int start() {
    return starts;
  }

  /** The timer begins. */
  void begin() {
    int mine = starts;
    world.agenda().after(world.chance().between(0, world.plan().tick), () -> everySecond(mine));
  }

  private void everySecond(int mine) {
    if (mine != starts || !up) {
      return;
    }
    world.agenda().after(world.plan().tick, () -> everySecond(mine));
    for (Target target : world.plan().targets) {
      tick(target);
    }
    quietly(Kind.SWEEP, () -> dispatcher.sweep());
  }

  private void tick(Target target) {
    woken.remove(target);
    quietly(Kind.TICK, () -> dispatcher.tick(target));
  }

  /** A failed tick or sweep is tried again by the timer. */
  private void quietly(Kind kind, Supplier<?> work) {
    if (!up) {
      return;
    }
    try {
      in(kind, null, null, work);
    } catch (Down | Bus.Unavailable e) {
      if (world.trace().on()) {
        world.trace().say(name, kind + " failed: " + e.getMessage());
      }
    }
  }

  private void wake(Target target) {
    if (!woken.containsKey(target)) {
      int mine = starts;
      woken.put(
          target,
          world
              .agenda()
              .after(
                  world.chance().between(0, 2),
                  () -> {
                    if (mine == starts) {
                      tick(target);
                    }
                  }));
    }
  }

  // ---- requests

  Leases.ClaimResult claim(String workerId, Leases.ClaimRequest request) {
    return in(
        Kind.CLAIM,
        workerId,
        null,
        () ->
            world.mutant() == Mutant.CLAIM_GRANTED_ONCE && world.runsUnder(request.token())
                ? new Leases.ClaimResult.Lost(Transition.Refusal.TAKEN)
                : leases.claim(world.caller(workerId), request));
  }

  Leases.FinishResult finish(String workerId, String jobId, Leases.FinishRequest request) {
    return in(
        Kind.FINISH, workerId, null, () -> leases.finish(world.caller(workerId), jobId, request));
  }

  Fleet.BeatResult beat(String workerId, Fleet.BeatReport report) {
    return in(Kind.BEAT, workerId, null, () -> fleet.beat(world.caller(workerId), report));
  }

  Fleet.Registration register(
      String workerId, Fleet.StateProof proof, List<Fleet.SlotOffer> slots) {
    return in(
        Kind.REGISTER,
        workerId,
        proof.secret(),
        () -> {
          Fleet.Registration answer =
              fleet.register(world.caller(workerId), proof, "simulated", slots);
          if (answer instanceof Fleet.Registration.Registered registered) {
            world.broker().open(workerId);
            world
                .database()
                .note(
                    () ->
                        world
                            .referee()
                            .registered(workerId, registered.worker().incarnation(), proof));
          }
          return answer;
        });
  }

  Boolean leave(String workerId, long incarnation) {
    return in(
        Kind.LEAVE,
        workerId,
        null,
        () -> {
          fleet.leave(world.caller(workerId), incarnation);
          if (fleet.slots().stream().noneMatch(s -> s.slot().workerId().equals(workerId))) {
            world.broker().close(workerId);
          }
          return true;
        });
  }

  <T> T submissions(Kind kind, Function<Submissions, T> work) {
    return in(kind, null, null, () -> work.apply(submissions));
  }

  private <T> T in(Kind kind, @Nullable String workerId, @Nullable String proof, Supplier<T> work) {
    if (!up) {
      throw new Down(name + " is not there");
    }
    Death plannedDeath = dying;
    boolean mayFail =
        plannedDeath == Death.BEFORE_COMMIT || kind == Kind.REGISTER || kind == Kind.TICK;
    int mine = starts;
    List<Target> outerChanged = List.copyOf(changed);
    List<Bus.Dispatch> outerStops = List.copyOf(stops);
    changed.clear();
    stops.clear();
    List<Target> nudged;
    List<Bus.Dispatch> stopped;
    try {
      T answer =
          world
              .database()
              .in(
                  kind,
                  this,
                  workerId,
                  proof,
                  mayFail,
                  work,
                  () -> {
                    if (plannedDeath == Death.BEFORE_COMMIT && dying == plannedDeath) {
                      die("before its commit of " + kind);
                      throw new Down(name + " died");
                    }
                  });
      nudged = List.copyOf(changed);
      stopped = List.copyOf(stops);
      if (plannedDeath == Death.AFTER_COMMIT && dying == plannedDeath) {
        die("after its commit of " + kind);
        throw new Down(name + " died");
      }
      if (mine == starts) {
        nudged.forEach(this::wake);
        if (!stopped.isEmpty()) {
          world.agenda().after(world.chance().between(0, 5), () -> tell(stopped, mine));
        }
      }
      return answer;
    } finally {
      changed.clear();
      stops.clear();
      changed.addAll(outerChanged);
      stops.addAll(outerStops);
    }
  }

  /** The beat's answer repeats it: a failure costs a beat. */
  private void tell(List<Bus.Dispatch> stopped, int mine) {
    if (mine == starts) {
      try {
        world.broker().send(stopped);
      } catch (Bus.Unavailable e) {
        world.trace().say(name, "could not tell to stop");
      }
    }
  }

  // ---- its end

  void dieIn(Death moment) {
    if (up) {
      dying = moment;
    }
  }

  void die(String when) {
    if (!up) {
      return;
    }
    world.trace().say(name, "dies " + when);
    up = false;
    dying = null;
    starts++;
    woken.clear();
    long down = world.chance().between(100, world.plan().lease * 2);
    if (world.servers().stream().noneMatch(Server::up)) {
      world.referee().disturbed();
    }
    world.agenda().after(down, this::rise);
  }

  private void rise() {
    world.trace().say(name, "is up again");
    boolean alone = world.servers().stream().noneMatch(Server::up);
    up = true;
    if (alone) {
      world.referee().served();
    }
    begin();
  }
}
