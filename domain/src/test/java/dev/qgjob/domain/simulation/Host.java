package dev.qgjob.domain.simulation;

import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.job.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A device host: its worker's processes one after another, its state folder, its cables. */
final class Host {
  private final Simulation world;
  private final String workerId;
  private final Map<String, Target> slots = new HashMap<>();
  private final List<String> slotIds = new ArrayList<>();
  private final long clockOffset;
  private final double clockRate;
  final Map<String, Map<String, String>> holds = new HashMap<>();
  private String proof;
  private int proofs = 1;
  private long registrations;
  private int cutFromServers;
  private int cutFromBroker;
  private @Nullable WorkerProcess process;
  private boolean retired;

  /** Jobs that this process is at, as its state folder notes them. */
  final Set<String> begun = new HashSet<>();

  private Set<String> begunBefore = Set.of();

  Host(Simulation world, int number, int slotCount) {
    this.world = world;
    this.workerId = "w" + number;
    this.proof = "state-" + workerId + "-1";
    for (int i = 1; i <= slotCount; i++) {
      String id = workerId + "-s" + i;
      slotIds.add(id);
      slots.put(id, world.plan().nextTarget());
    }
    // quartz is good to some 100 ppm; where two clocks stand says nothing at all
    clockOffset = world.chance().between(-300_000, 300_000);
    clockRate = 1 + world.chance().between(-200, 200) / 1_000_000.0;
  }

  String workerId() {
    return workerId;
  }

  /** Of a registration that nobody asked for before. */
  Fleet.StateProof nextProof() {
    return new Fleet.StateProof(proof, ++registrations, begunBefore);
  }

  List<String> slotIds() {
    return slotIds;
  }

  Target target(String slotId) {
    return slots.get(slotId);
  }

  Fleet.SlotOffer offer(String slotId) {
    return new Fleet.SlotOffer(
        slotId, slots.get(slotId), slotId, Map.of(), holds.getOrDefault(slotId, Map.of()));
  }

  /** The monotonic clock of this host, in milliseconds. */
  long mono() {
    return clockOffset + Math.round(world.agenda().now() * clockRate);
  }

  @Nullable WorkerProcess process() {
    return process;
  }

  /** True while its process is registered and nothing keeps it from working. */
  boolean works() {
    return process != null && process.registered() && !process.frozen() && reachesServers();
  }

  boolean reachesServers() {
    return cutFromServers == 0;
  }

  boolean reachesBroker() {
    return cutFromBroker == 0;
  }

  void start() {
    if (!retired && process == null) {
      world.trace().say(workerId, "starts");
      process = new WorkerProcess(world, this);
      begunBefore = Set.copyOf(begun);
      begun.clear();
      process.register();
    }
  }

  /** The process is gone; the next one starts after a while. */
  void ended(long pause) {
    process = null;
    world.agenda().after(pause, this::start);
  }

  /** Somebody wiped the disk: the next process cannot prove to be this worker. */
  void loseState() {
    proof = "state-" + workerId + "-" + ++proofs;
    holds.clear();
    begun.clear();
  }

  /** Its server has heard what an earlier process was at. */
  void registered() {
    begunBefore = Set.of();
  }

  void cutFromServers(long length) {
    cutFromServers++;
    world.agenda().after(length, () -> cutFromServers--);
  }

  void cutFromBroker(long length) {
    cutFromBroker++;
    WorkerProcess cut = process;
    if (cut != null) {
      cut.noticesCutAfter(length);
    }
    world
        .agenda()
        .after(
            length,
            () -> {
              cutFromBroker--;
              WorkerProcess now = process;
              if (cutFromBroker == 0 && now != null) {
                world.broker().linked(now);
              }
            });
  }

  /** No process starts any more. */
  void retire() {
    retired = true;
  }
}
