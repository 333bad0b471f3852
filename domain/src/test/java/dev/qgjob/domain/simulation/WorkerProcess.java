package dev.qgjob.domain.simulation;

import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.fleet.Fleet.HeldLease;
import dev.qgjob.domain.placement.Bus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One process of a worker, from its start to its death, behaving as the worker's module does:
 * registers, beats, knows on its own clock which leases it can prove, stays attached to the broker
 * only while the servers answer, and registers anew when they have forgotten it.
 */
final class WorkerProcess implements Network.Asker {
  private final Simulation world;
  private final Host host;
  private final List<Runnable> deferred = new ArrayList<>();
  private final Map<HeldLease, Long> held = new LinkedHashMap<>();
  private final List<SlotProcess> slots = new ArrayList<>();
  private boolean alive = true;
  private boolean frozen;
  private int freezes;
  private long thawedAt;
  private boolean answerToLose;

  private long incarnation;
  private int registrations;
  private Fleet.@Nullable StateProof wanted;
  private boolean registered;
  private boolean leaving;
  private int tries;
  private long lastAnswered;
  private int unansweredBeats;
  private boolean beating;
  private boolean beatWanted;
  private Agenda.@Nullable Item nextBeat;
  private long beatBegan;
  private Agenda.@Nullable Item clock;

  private Broker.@Nullable Connection connection;
  private boolean connecting;
  private long attachments;
  private int brokerTries;
  private boolean refused;
  private long refusedAt;

  WorkerProcess(Simulation world, Host host) {
    this.world = world;
    this.host = host;
  }

  @Override
  public String name() {
    return host.workerId();
  }

  String workerId() {
    return host.workerId();
  }

  Host host() {
    return host;
  }

  long incarnation() {
    return incarnation;
  }

  boolean registered() {
    return registered;
  }

  boolean frozen() {
    return frozen;
  }

  /** When it was last able to look at its clock again. */
  long thawedAt() {
    return thawedAt;
  }

  boolean alive() {
    return alive;
  }

  long lease() {
    return world.plan().lease;
  }

  long brief() {
    return Math.max(300, Math.min(5_000, lease() / 6));
  }

  long patient() {
    return Math.max(1_000, Math.min(10_000, lease() / 2));
  }

  @Override
  public boolean reachesServers() {
    return alive && host.reachesServers();
  }

  boolean reachesBroker() {
    return host.reachesBroker() && !frozen;
  }

  @Override
  public void enter(Runnable what) {
    if (!alive) {
      return;
    }
    if (frozen) {
      deferred.add(what);
    } else {
      what.run();
    }
  }

  @Override
  public boolean losesAnswer() {
    boolean lose = answerToLose;
    answerToLose = false;
    return lose;
  }

  void loseNextAnswer() {
    answerToLose = true;
  }

  /** After a pause, unless the registration has changed meanwhile. */
  Agenda.Item later(long pause, Runnable what) {
    int mine = registrations;
    return world
        .agenda()
        .after(
            pause,
            () ->
                enter(
                    () -> {
                      if (mine == registrations) {
                        what.run();
                      }
                    }));
  }

  // ---- registration

  void register() {
    registrations++;
    List<Fleet.SlotOffer> offers = host.slotIds().stream().map(host::offer).toList();
    int mine = registrations;
    if (wanted == null) {
      wanted = host.nextProof();
    }
    Fleet.StateProof proof = wanted;
    world
        .network()
        .call(
            this,
            "register",
            workerId(),
            10_000,
            server -> server.register(workerId(), proof, offers),
            answer -> {
              if (mine == registrations && answer instanceof Fleet.Registration.Registered yes) {
                begin(yes);
              } else if (mine == registrations) {
                again();
              }
            },
            this::again);
  }

  private void again() {
    later(world.chance().backOff(tries++, 200, 15_000), this::register);
  }

  private void begin(Fleet.Registration.Registered answer) {
    registrations++;
    tries = 0;
    incarnation = answer.worker().incarnation();
    wanted = null;
    host.registered();
    registered = true;
    lastAnswered = host.mono();
    beating = false;
    beatWanted = false;
    unansweredBeats = 0;
    connecting = false;
    clock = null;
    refused = false;
    slots.clear();
    for (String id : host.slotIds()) {
      slots.add(new SlotProcess(world, this, id, host.target(id)));
    }
    adjust();
    beat();
  }

  /** The server has ended all leases of this start: so does the worker. */
  private void abandon(String why) {
    if (!registered || leaving) {
      return;
    }
    world.trace().say(workerId(), "registers anew: " + why);
    registered = false;
    closeSlots();
    slots.forEach(s -> s.stopAll(SlotProcess.Stop.LEASE_LOST));
    disconnect();
    awaitIdle(this::register);
  }

  private void closeSlots() {
    slots.forEach(SlotProcess::close);
  }

  private void awaitIdle(Runnable then) {
    if (slots.stream().allMatch(SlotProcess::idle)) {
      then.run();
    } else {
      world.agenda().after(50, () -> enter(() -> awaitIdle(then)));
    }
  }

  /** Ends in good order: what runs may finish for a while. */
  void leave(long patience, long pause) {
    if (leaving) {
      return;
    }
    world.trace().say(workerId(), "is asked to leave");
    leaving = true;
    if (!registered) {
      die("weather", true, pause);
      return;
    }
    closeSlots();
    adjust();
    world
        .agenda()
        .after(
            patience,
            () -> enter(() -> slots.forEach(s -> s.stopAll(SlotProcess.Stop.WORKER_ENDS))));
    awaitIdle(
        () -> {
          disconnect();
          registered = false;
          long mine = incarnation;
          world
              .network()
              .call(
                  this,
                  "leave",
                  workerId(),
                  patient(),
                  server -> server.leave(workerId(), mine),
                  done -> die("weather", true, pause),
                  () -> die("weather", true, pause));
        });
  }

  // ---- beats

  private void beat() {
    if (!registered || beating) {
      return;
    }
    if (nextBeat != null) {
      nextBeat.callOff();
    }
    beating = true;
    beatWanted = false;
    beatBegan = world.agenda().now();
    int mine = registrations;
    beat(
        List.of(),
        alive -> {
          if (mine == registrations) {
            pace(true);
          }
        },
        () -> {
          if (mine == registrations) {
            pace(false);
          }
        });
  }

  private void pace(boolean answered) {
    beating = false;
    if (!registered) {
      return;
    }
    long pace = lease() / 4;
    long gap = Math.min(100, pace / 10);
    long pause = beatWanted ? gap : answered ? pace : Math.max(gap, pace / 3);
    nextBeat = later(Math.max(0, beatBegan + pause - world.agenda().now()), this::beat);
  }

  /** Something changed that the server should know now. */
  void beatSoon() {
    if (!registered || beatWanted) {
      return;
    }
    beatWanted = true;
    if (!beating) {
      if (nextBeat != null) {
        nextBeat.callOff();
      }
      long gap = Math.min(100, lease() / 40);
      nextBeat = later(Math.max(0, beatBegan + gap - world.agenda().now()), this::beat);
    }
  }

  /** One beat, which also asks for these leases, not held yet. */
  void beat(List<HeldLease> more, Consumer<Set<String>> then, Runnable none) {
    List<HeldLease> asked = List.copyOf(held.keySet());
    List<HeldLease> all = new ArrayList<>(asked);
    all.addAll(more);
    List<Fleet.SlotReport> reports = new ArrayList<>();
    for (SlotProcess slot : slots) {
      reports.add(
          new Fleet.SlotReport(
              host.offer(slot.id()),
              connection != null,
              incarnation * 1_000_000 + attachments,
              slot.inbox()));
    }
    Fleet.BeatReport report = new Fleet.BeatReport(incarnation, reports, all);
    long askedAt = host.mono();
    int mine = registrations;
    world
        .network()
        .call(
            this,
            "beat",
            workerId(),
            brief(),
            server -> server.beat(workerId(), report),
            answer -> {
              if (mine != registrations) {
                none.run();
              } else if (answer instanceof Fleet.BeatResult.Answer yes) {
                heed(yes, asked, askedAt);
                Set<String> goOn = new HashSet<>();
                yes.leases().stream()
                    .filter(Fleet.LeaseAnswer::goOn)
                    .forEach(l -> goOn.add(l.jobId()));
                then.accept(goOn);
              } else {
                none.run();
                abandon("not registered");
              }
            },
            () -> {
              if (++unansweredBeats > 1) {
                world.referee().disturbed();
              }
              none.run();
            });
  }

  private void heed(Fleet.BeatResult.Answer answer, List<HeldLease> asked, long askedAt) {
    unansweredBeats = 0;
    Map<String, Fleet.LeaseAnswer> byJob = new HashMap<>();
    answer.leases().forEach(l -> byJob.put(l.jobId(), l));
    for (HeldLease lease : asked) {
      Fleet.LeaseAnswer one = byJob.get(lease.jobId());
      if (one != null && one.goOn()) {
        held.computeIfPresent(lease, (k, from) -> Math.max(from, askedAt));
      } else if (one != null) {
        stop(lease, SlotProcess.Stop.ASKED);
      }
    }
    lastAnswered = Math.max(lastAnswered, askedAt);
    adjust();
  }

  // ---- leases

  void hold(HeldLease lease, long askedAt) {
    held.put(lease, askedAt);
    watch();
  }

  boolean proven(HeldLease lease) {
    Long from = held.get(lease);
    return from != null
        && (host.mono() - from < lease() || world.mutant() == Mutant.WORKER_WITHOUT_LEASE_CLOCK);
  }

  void release(HeldLease lease) {
    held.remove(lease);
  }

  private void stop(HeldLease lease, SlotProcess.Stop cause) {
    slots.forEach(s -> s.stop(lease, cause));
  }

  /** The lease clock looks again a little after the next lease would end. */
  private void watch() {
    long due = lastAnswered + lease();
    for (long from : held.values()) {
      due = Math.min(due, from + lease());
    }
    long step = Math.max(20, Math.min(1_000, lease() / 20));
    long at =
        world.agenda().now() + Math.max(0, due - host.mono()) + world.chance().between(1, step);
    if (clock != null && clock.time() <= at && clock.time() > world.agenda().now()) {
      return;
    }
    if (clock != null) {
      clock.callOff();
    }
    clock = later(at - world.agenda().now(), this::look);
  }

  private void look() {
    clock = null;
    long now = host.mono();
    for (HeldLease lease : List.copyOf(held.keySet())) {
      if (!proven(lease)) {
        held.remove(lease);
        world.trace().say(workerId(), "cannot prove its lease of " + lease.jobId());
        stop(lease, SlotProcess.Stop.LEASE_LOST);
      }
    }
    adjust();
    if (registered && refused && !leaving) {
      long patience = held.isEmpty() ? lease() / 4 : lease();
      if (connection == null && now - refusedAt > patience) {
        abandon("the broker does not know it");
        return;
      }
    }
    if (registered) {
      watch();
    }
  }

  // ---- the broker

  private boolean answering() {
    return host.mono() - lastAnswered < lease();
  }

  private void adjust() {
    boolean wanted = registered && !leaving && answering();
    if (!wanted) {
      disconnect();
    } else if (connection == null && !connecting) {
      connecting = true;
      later(world.chance().between(1, 10), this::connect);
    }
    if (registered && clock == null) {
      watch();
    }
  }

  private void connect() {
    connecting = false;
    if (connection != null || !registered || leaving || !answering()) {
      return;
    }
    Broker broker = world.broker();
    boolean there = broker.up() && reachesBroker();
    if (there && broker.hasQueue(workerId())) {
      Map<String, String> wanted = new LinkedHashMap<>();
      slots.forEach(s -> wanted.put(s.id(), s.target().name()));
      connection = broker.connect(this, wanted);
      attachments++;
      brokerTries = 0;
      refused = false;
      beatSoon();
      return;
    }
    if (there && !refused) {
      refused = true;
      refusedAt = host.mono();
      later(lease() / 4 + 1, this::look);
      later(lease() + 1, this::look);
    }
    connecting = true;
    later(world.chance().backOff(brokerTries++, 50, lease()), this::connect);
  }

  private void disconnect() {
    Broker.Connection old = connection;
    if (old == null) {
      return;
    }
    connection = null;
    slots.forEach(SlotProcess::forget);
    world.agenda().after(world.chance().between(0, 3), () -> closed(old));
    beatSoon();
  }

  /** The broker hears of it, at once or when the connection's time to live is over. */
  private void closed(Broker.Connection old) {
    if (host.reachesBroker()) {
      world.broker().drop(old);
    } else {
      world.agenda().after(lease(), () -> world.broker().drop(old));
    }
  }

  /** The connection is found broken: what it brought is void. */
  void disconnected(Broker.Connection lost) {
    if (connection == lost) {
      connection = null;
      slots.forEach(SlotProcess::forget);
      beatSoon();
      if (registered && !connecting) {
        connecting = true;
        later(world.chance().backOff(brokerTries++, 50, lease()), this::connect);
      }
    }
  }

  /** Nothing passes between here and the broker for so long; both notice after their time. */
  void noticesCutAfter(long length) {
    Broker.Connection cut = connection;
    long ttl = Math.min(lease(), 30_000);
    long there = ttl + world.chance().between(0, ttl / 3);
    long here = ttl + world.chance().between(0, ttl / 3);
    if (cut != null && length > there) {
      world.agenda().after(there, () -> world.broker().drop(cut));
    }
    if (cut != null && length > here) {
      world.agenda().after(here, () -> enter(() -> disconnected(cut)));
    } else if (cut != null && length > there) {
      world.agenda().after(length + 1, () -> enter(() -> disconnected(cut)));
    }
  }

  void delivered(Broker.Connection from, Broker.Consumer consumer, Broker.Message message) {
    if (from != connection) {
      return;
    }
    if (message.dispatch instanceof Bus.Dispatch.Stop stop) {
      world.broker().acknowledge(message);
      for (HeldLease lease : List.copyOf(held.keySet())) {
        if (lease.jobId().equals(stop.jobId()) && lease.generation() == stop.generation()) {
          stop(lease, SlotProcess.Stop.ASKED);
        }
      }
      return;
    }
    String slotId = consumer.slotId;
    if (message.dispatch instanceof Bus.Dispatch.HandOff handOff) {
      slotId = handOff.slotId();
    }
    for (SlotProcess slot : slots) {
      if (slot.id().equals(slotId)) {
        slot.offer(message);
      }
    }
  }

  // ---- faults

  void freeze(long length) {
    if (frozen || !alive) {
      return;
    }
    world.trace().say(workerId(), "freezes for " + length + " ms");
    frozen = true;
    int mine = ++freezes;
    Broker.Connection mineThen = connection;
    long ttl = Math.min(lease(), 30_000) + world.chance().between(0, lease() / 3);
    if (mineThen != null && length > ttl) {
      world
          .agenda()
          .after(
              ttl,
              () -> {
                if (frozen && mine == freezes) {
                  world.broker().drop(mineThen);
                  enter(() -> disconnected(mineThen));
                }
              });
    }
    world.agenda().after(length, this::thaw);
  }

  private void thaw() {
    if (!alive) {
      return;
    }
    world.trace().say(workerId(), "thaws");
    frozen = false;
    thawedAt = world.agenda().now();
    world.broker().linked(this);
    List<Runnable> late = new ArrayList<>(deferred);
    deferred.clear();
    // its threads race each other: any of them may be first
    world.chance().shuffle(late);
    late.forEach(this::enter);
  }

  /** The process ends, however; {@code noticed}: the broker hears of it at once. */
  void die(String cause, boolean noticed, long pause) {
    if (!alive) {
      return;
    }
    if (world.trace().on()) {
      world.trace().say(workerId(), "ends: " + cause);
    }
    alive = false;
    world.referee().disturbed();
    if (incarnation > 0) {
      world.referee().died(workerId(), incarnation, cause);
    }
    Broker.Connection old = connection;
    connection = null;
    slots.forEach(SlotProcess::gone);
    if (old != null) {
      world.agenda().after(noticed ? 1 : lease(), () -> world.broker().drop(old));
    }
    host.ended(pause);
  }
}
