package dev.qgjob.domain.simulation;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.fleet.Worker;
import dev.qgjob.domain.lease.JobStore;
import dev.qgjob.domain.lease.LeasePolicy;
import dev.qgjob.domain.placement.Bus;
import dev.qgjob.domain.testing.Fixtures;
import dev.qgjob.domain.testing.InMemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The world of one seed, from its first event to its last. One thread. */
final class Simulation {
  /** What came of a seed; {@code violation} is empty where all promises were kept. */
  record Result(long seed, String violation, List<String> trace) {
    boolean kept() {
      return violation.isEmpty();
    }
  }

  private final Agenda agenda = new Agenda();
  private final Chance chance;
  private final Mutant mutant;
  private final Trace trace;
  private final Plan plan;
  private final LeasePolicy policy;
  private final Referee referee;
  private final InMemoryStore rows;
  private final Database database;
  private final Broker broker;
  private final Network network;
  private final Executions executions;
  private final List<Server> servers = new ArrayList<>();
  private final List<Host> hosts = new ArrayList<>();
  private final List<Submitter> submitters = new ArrayList<>();
  private long tokens;

  private Simulation(long seed, Mutant mutant, boolean told) {
    this.chance = new Chance(seed);
    this.mutant = mutant;
    this.trace = new Trace(told, agenda);
    this.plan = new Plan(chance);
    this.policy = new LeasePolicy(Duration.ofMillis(plan.lease), plan.most);
    this.referee = new Referee(this);
    this.rows = new InMemoryStore(agenda);
    this.database = new Database(this, rows);
    this.executions = new Executions(this);
    this.broker = new Broker(this);
    this.network = new Network(this);
  }

  /** Plays a seed. */
  static Result play(long seed, Mutant mutant, boolean told) {
    Simulation world = new Simulation(seed, mutant, told);
    try {
      world.play();
      return new Result(seed, "", world.trace.lines());
    } catch (Violation v) {
      world.trace.say("REFEREE", String.valueOf(v.getMessage()));
      return new Result(seed, String.valueOf(v.getMessage()), world.trace.lines());
    } catch (RuntimeException e) {
      world.trace.say("REFEREE", e.toString());
      return new Result(
          seed, "it broke: " + e + " at " + e.getStackTrace()[0], world.trace.lines());
    }
  }

  private void play() {
    for (String org : List.of(Fixtures.ORG, "other")) {
      rows.blob(org, Fixtures.BUNDLE, null);
      rows.blob(org, Fixtures.sha(1), Fixtures.PACKAGE);
      rows.blob(org, Fixtures.sha(2), Fixtures.PACKAGE);
    }
    Duration ahead = Duration.ofMillis(plan.lease / 2);
    JobStore jobs = mutant == Mutant.NONE ? rows : new MutantJobStore(rows, mutant, ahead);
    Stores stores = new Stores(rows, jobs, mutant, database, referee);
    for (int i = 1; i <= 2; i++) {
      servers.add(new Server(this, "server" + i, stores, rows, bus()));
    }
    servers.forEach(Server::begin);
    int number = 0;
    for (int slots : plan.slotsOfWorkers) {
      Host host = new Host(this, ++number, slots);
      hosts.add(host);
      rows.saveWorker(new Worker(host.workerId(), host.workerId(), 0, null, 0, false, null));
      agenda.after(chance.between(0, 300), host::start);
    }
    for (int i = 1; i <= plan.submissions; i++) {
      Submitter submitter = new Submitter(this, i);
      submitters.add(submitter);
      agenda.at(chance.between(0, plan.faultsUntil / 2), submitter::submit);
    }
    new Weather(this).forecast();
    agenda.runUntil(plan.faultsUntil);
    trace.say("weather", "clears up");
    plan.clearUp();
    settle();
    end();
  }

  private void settle() {
    long latest = plan.faultsUntil + 30 * plan.lease + 4 * plan.work();
    // until the last late request is in
    agenda.runUntil(Math.max(agenda.now(), network.lastArrival()) + 10);
    while (agenda.now() < latest) {
      agenda.runUntil(agenda.now() + plan.lease / 2);
      if (submitters.stream().noneMatch(Submitter::waits)
          && rows.all().stream().allMatch(j -> j.state().isVerdict())) {
        break;
      }
    }
  }

  private void end() {
    // what is still away comes back, so that all can leave in good order
    long latest = agenda.now() + 10 * plan.lease + 30_000;
    while (agenda.now() < latest && !allWorks()) {
      agenda.runUntil(agenda.now() + plan.lease / 2);
    }
    hosts.forEach(Host::retire);
    for (Host host : hosts) {
      WorkerProcess process = host.process();
      if (process != null) {
        process.leave(0, 0);
      }
    }
    agenda.runUntil(agenda.now() + plan.lease);
    referee.atTheEnd(rows.all());
    for (Host host : hosts) {
      if (broker.hasQueue(host.workerId())) {
        throw new Violation("the queue of " + host.workerId() + ", which left, is still there");
      }
    }
  }

  private Bus bus() {
    if (mutant != Mutant.LOST_PUBLISH) {
      return broker;
    }
    return batch -> broker.send(batch.stream().filter(d -> !chance.of(0.1)).toList());
  }

  private boolean allWorks() {
    return broker.up()
        && database.up()
        && servers.stream().allMatch(Server::works)
        && hosts.stream().allMatch(Host::works);
  }

  Agenda agenda() {
    return agenda;
  }

  Chance chance() {
    return chance;
  }

  Mutant mutant() {
    return mutant;
  }

  Trace trace() {
    return trace;
  }

  Plan plan() {
    return plan;
  }

  LeasePolicy policy() {
    return policy;
  }

  Referee referee() {
    return referee;
  }

  Database database() {
    return database;
  }

  Broker broker() {
    return broker;
  }

  Network network() {
    return network;
  }

  Executions executions() {
    return executions;
  }

  List<Server> servers() {
    return servers;
  }

  List<Host> hosts() {
    return hosts;
  }

  Host host(String workerId) {
    return hosts.stream().filter(h -> h.workerId().equals(workerId)).findFirst().orElseThrow();
  }

  Caller caller(String workerId) {
    return new Caller("tok_" + workerId, Role.WORKER, null, workerId);
  }

  boolean runsUnder(String token) {
    return !rows.underToken(token).isEmpty();
  }

  String newToken() {
    return "lease-" + ++tokens;
  }

  /** How long a process that died stays away. */
  long restartPause() {
    return chance.between(100, plan.lease * 3 / 2);
  }
}
