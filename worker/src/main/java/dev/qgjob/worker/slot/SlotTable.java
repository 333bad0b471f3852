package dev.qgjob.worker.slot;

import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.fleet.Holding;
import dev.qgjob.protocol.fleet.SlotBeat;
import dev.qgjob.protocol.fleet.SlotOffer;
import dev.qgjob.worker.discovery.AdbSlots;
import dev.qgjob.worker.discovery.Found;
import dev.qgjob.worker.link.BrokerLink;
import dev.qgjob.worker.link.Delivery;
import dev.qgjob.worker.run.Executor;
import dev.qgjob.worker.run.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slots of one incarnation. A slot whose phone went away keeps its loop while that still ends
 * its run, so that a phone that comes back is never used twice at a time. Thread-safe.
 */
public final class SlotTable {
  private static final Logger log = LoggerFactory.getLogger(SlotTable.class);

  /** How long a run may go on after its phone was last seen: adb loses sight for moments. */
  private static final Duration LOST_SIGHT = Duration.ofSeconds(15);

  /** Phones that are looked at at the same time: adb and the host have others to serve. */
  private static final int LOOKS = 8;

  private record Entry(Slot slot, Map<String, String> capabilities, SlotLoop loop) {}

  private final String workerName;
  private final SlotWork work;
  private final Holdings holdings;
  private final Runnable changed;
  private final Map<String, Entry> present = new LinkedHashMap<>();
  private final List<Found> shown = new ArrayList<>();
  private final Map<String, Entry> leaving = new HashMap<>();
  private final Map<String, Long> leftAt = new HashMap<>();
  private final Map<String, List<Holding>> told = new ConcurrentHashMap<>();
  private final ExecutorService looks = newLooks();
  private boolean closed;

  /**
   * @param changed called when the server should hear of the slots soon
   */
  public SlotTable(String workerName, SlotWork work, Holdings holdings, Runnable changed) {
    this.workerName = workerName;
    this.work = work;
    this.holdings = holdings;
    this.changed = changed;
  }

  private static ExecutorService newLooks() {
    ThreadPoolExecutor looks =
        new ThreadPoolExecutor(
            LOOKS,
            LOOKS,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "look");
              thread.setDaemon(true);
              return thread;
            });
    looks.allowCoreThreadTimeOut(true);
    return looks;
  }

  /** The offers that a registration makes for these slots. */
  public static List<SlotOffer> offers(String workerName, List<Found> found, Holdings holdings) {
    return found.stream()
        .map(one -> offer(slot(workerName, one), one.capabilities(), holdings))
        .toList();
  }

  private static Slot slot(String workerName, Found found) {
    return new Slot(found.slotId(workerName), found.target(), found.udid());
  }

  private static SlotOffer offer(Slot slot, Map<String, String> capabilities, Holdings holdings) {
    String udid = slot.target() == Target.BROWSERSTACK ? null : slot.udid();
    return new SlotOffer(slot.id(), slot.target(), udid, capabilities, holdings.on(slot));
  }

  /** These are the slots from now on. */
  public synchronized void set(List<Found> found) {
    if (closed) {
      return;
    }
    Map<String, Found> byId = new LinkedHashMap<>();
    found.forEach(one -> byId.put(one.slotId(workerName), one));
    shown.clear();
    byId.values().stream().filter(Found::withheld).forEach(shown::add);
    byId.values().removeIf(Found::withheld);
    leave(byId.keySet());
    for (Found one : shown) {
      boolean offline = AdbSlots.OFFLINE.equals(one.capabilities().get(Found.UNAVAILABLE));
      work.ward().unready(slot(workerName, one), offline);
    }
    byId.forEach(this::enter);
  }

  private void leave(Set<String> staying) {
    Set<Slot> gone = new HashSet<>();
    for (Entry entry : List.copyOf(present.values())) {
      String id = entry.slot().id();
      if (!staying.contains(id)) {
        log.info("slot {}: gone", id);
        entry.loop().close();
        present.remove(id);
        leaving.put(id, entry);
        leftAt.put(id, work.nanoTime().getAsLong());
        gone.add(entry.slot());
      }
    }
    if (!gone.isEmpty()) {
      work.ward().left(gone);
    }
  }

  private void enter(String id, Found found) {
    Entry before = present.get(id);
    if (before != null) {
      present.put(id, new Entry(before.slot(), found.capabilities(), before.loop()));
      return;
    }
    Executor executor = work.executors().get(found.target());
    if (executor == null) {
      log.error("slot {}: this worker cannot run {} jobs", id, found.target());
      return;
    }
    Entry back = leaving.remove(id);
    leftAt.remove(id);
    Slot slot = slot(workerName, found);
    SlotLoop loop = back == null ? newLoop(slot, executor) : back.loop();
    loop.reopen();
    work.ward().came(slot);
    present.put(id, new Entry(slot, found.capabilities(), loop));
    log.info("slot {}: here", id);
    looks.execute(
        () -> {
          // it may have gone again while others were looked at
          if (isPresent(id) && !work.ward().check(slot)) {
            changed.run();
          }
        });
  }

  /**
   * The server knows what runs where: a slot that begins or fell idle is news if it holds another
   * app. Told when it begins, the server knows it when the slot is idle again and next asked for.
   */
  private SlotLoop newLoop(Slot slot, Executor executor) {
    return new SlotLoop(
        slot,
        executor,
        work,
        () -> {
          if (!holdings.on(slot).equals(told.get(slot.id()))
              || work.ward().withheld(slot.id()).isPresent()) {
            changed.run();
          }
        },
        changed);
  }

  /** The targets of the slots that may be given work, by slot id. */
  public synchronized Map<String, Target> targets() {
    return present.values().stream()
        .filter(entry -> work.ward().withheld(entry.slot().id()).isEmpty())
        .collect(Collectors.toMap(entry -> entry.slot().id(), entry -> entry.slot().target()));
  }

  /** How the slots are, for the next beat. */
  public List<SlotBeat> beats(BrokerLink broker, long firstAttachment) {
    List<Entry> entries;
    List<SlotBeat> beats = new ArrayList<>();
    synchronized (this) {
      entries = List.copyOf(present.values());
      offers(workerName, shown, holdings)
          .forEach(offer -> beats.add(new SlotBeat(offer, false, firstAttachment, List.of())));
    }
    for (Entry entry : entries) {
      OptionalLong attachment = broker.attachment(entry.slot().id());
      SlotOffer offer = offer(entry.slot(), capabilities(entry), holdings);
      told.put(offer.slotId(), offer.holds());
      beats.add(
          new SlotBeat(
              offer,
              attachment.isPresent(),
              firstAttachment + attachment.orElse(0),
              entry.loop().inbox()));
    }
    return beats;
  }

  private Map<String, String> capabilities(Entry entry) {
    Optional<String> reason = work.ward().withheld(entry.slot().id());
    if (reason.isEmpty()) {
      return entry.capabilities();
    }
    Map<String, String> all = new HashMap<>(entry.capabilities());
    all.put(Found.UNAVAILABLE, reason.get());
    return all;
  }

  /** Puts a job into a slot's inbox; one for a slot that is not here is dropped. */
  public void offer(@Nullable String slotId, Delivery delivery) {
    SlotLoop loop = loop(slotId);
    if (loop == null) {
      log.warn("job {}: came for slot {}, which is not here", delivery.job().jobId(), slotId);
      delivery.acknowledge();
    } else {
      loop.offer(delivery);
    }
  }

  private synchronized boolean isPresent(String slotId) {
    return present.containsKey(slotId);
  }

  private synchronized @Nullable SlotLoop loop(@Nullable String slotId) {
    Entry entry = slotId == null ? null : present.get(slotId);
    return entry == null ? null : entry.loop();
  }

  /** What the broker had delivered is void. */
  public synchronized void forget() {
    present.values().forEach(entry -> entry.loop().forget());
  }

  /** What the broker had delivered to this slot is void. */
  public void forget(String slotId) {
    SlotLoop loop = loop(slotId);
    if (loop != null) {
      loop.forget();
    }
  }

  /** Stops runs whose phone has been out of sight for too long; forgets slots that have ended. */
  public void tick() {
    List<Entry> overdue = new ArrayList<>();
    synchronized (this) {
      leaving.values().removeIf(entry -> entry.loop().idle());
      leftAt.keySet().retainAll(leaving.keySet());
      long now = work.nanoTime().getAsLong();
      for (Entry entry : leaving.values()) {
        long left = Objects.requireNonNull(leftAt.get(entry.slot().id()));
        if (now - left > LOST_SIGHT.toNanos()) {
          overdue.add(entry);
        }
      }
    }
    work.ward().takeDue(slots()).forEach(this::probe);
    work.ward().seekLost();
    overdue.forEach(
        entry -> entry.loop().stop(StopCause.SLOT_GONE, entry.slot().udid() + " is gone"));
  }

  private synchronized List<Slot> slots() {
    return present.values().stream().map(Entry::slot).toList();
  }

  private void probe(Slot slot) {
    looks.execute(
        () -> {
          work.ward().probe(slot);
          changed.run();
        });
  }

  /** No slot takes new work from now on; what runs goes on. */
  public synchronized void close() {
    closed = true;
    all().forEach(SlotLoop::close);
  }

  /** Waits until no slot has work; false if that took too long. */
  public boolean awaitIdle(Duration most) throws InterruptedException {
    long end = work.nanoTime().getAsLong() + most.toNanos();
    List<SlotLoop> loops;
    synchronized (this) {
      loops = all();
    }
    for (SlotLoop loop : loops) {
      long left = Math.max(0, end - work.nanoTime().getAsLong());
      if (!loop.awaitIdle(Duration.ofNanos(left))) {
        return false;
      }
    }
    return true;
  }

  private List<SlotLoop> all() {
    List<SlotLoop> loops = new ArrayList<>();
    present.values().forEach(entry -> loops.add(entry.loop()));
    leaving.values().forEach(entry -> loops.add(entry.loop()));
    return loops;
  }
}
