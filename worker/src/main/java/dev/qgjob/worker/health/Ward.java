package dev.qgjob.worker.health;

import dev.qgjob.protocol.Target;
import dev.qgjob.worker.health.SlotHealth.Quarantined;
import dev.qgjob.worker.run.Outcome;
import dev.qgjob.worker.run.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The health of all slots of a worker, over all its registrations. Thread-safe; only {@link #check}
 * and {@link #probe} take time.
 */
public final class Ward {
  private static final Logger log = LoggerFactory.getLogger(Ward.class);

  /** A phone that was found fit so recently is not asked again unless something broke. */
  private static final Duration FRESH = Duration.ofSeconds(30);

  /** What broke so shortly before a host event is part of it. */
  private static final Duration AFTERMATH = Duration.ofSeconds(30);

  /** How soon a slot that what it shares has no room for is looked at again. */
  private static final Duration ROOM = Duration.ofSeconds(2);

  private final Probe probe;
  private final Recovery recovery;
  private final Admission admission;
  private final LongSupplier nanoTime;
  private final HostWatch host = new HostWatch();
  private final LostPhones lost = new LostPhones();
  private final Tally tally = new Tally();
  private final AtomicLong hostEvents = new AtomicLong();

  // guarded by this
  private final Map<String, SlotHealth> health = new HashMap<>();
  private final Map<String, Long> fitAt = new HashMap<>();
  private final Map<String, Long> excusedAt = new HashMap<>();
  private final Map<CompletableFuture<Boolean>, String> awaited = new HashMap<>();
  private final Set<String> present = new HashSet<>();
  private final Map<String, String> serials = new HashMap<>();
  private final Set<String> probing = new HashSet<>();
  private final Set<String> clear = new HashSet<>();
  private final Map<String, NoRoom> noRoom = new HashMap<>();

  /** Nothing is wrong with the slot: what it shares with others is in use. */
  private record NoRoom(String reason, long lookAt) {}

  /** A ward that looks at slots by {@code probe}, and whose slots share nothing. */
  public Ward(Probe probe, Recovery recovery, LongSupplier nanoTime) {
    this(probe, recovery, Admission.FREE, nanoTime);
  }

  /** A ward that looks at slots by {@code probe}. */
  public Ward(Probe probe, Recovery recovery, Admission admission, LongSupplier nanoTime) {
    this.probe = probe;
    this.recovery = recovery;
    this.admission = admission;
    this.nanoTime = nanoTime;
  }

  /** Why the slot is given no work; empty when it may be. */
  public synchronized Optional<String> withheld(String slotId) {
    return of(slotId) instanceof Quarantined quarantined
        ? Optional.of("quarantined: " + quarantined.reason())
        : Optional.ofNullable(noRoom.get(slotId)).map(NoRoom::reason);
  }

  /** All slots that are withheld, with the reasons. */
  public synchronized Map<String, String> withheld() {
    Map<String, String> all = new TreeMap<>();
    Set<String> slots = new HashSet<>(health.keySet());
    slots.addAll(noRoom.keySet());
    slots.forEach(slot -> withheld(slot).ifPresent(reason -> all.put(slot, reason)));
    return all;
  }

  /** What the slots did. */
  Tally tally() {
    return tally;
  }

  /** Host events so far. */
  /** An app had to go from a phone to make place for another; called from any thread. */
  public void uninstalled() {
    tally.uninstalled();
  }

  public long hostEvents() {
    return hostEvents.get();
  }

  /** How an attempt ended on the slot. One that was stopped from outside says nothing about it. */
  public synchronized void attempted(String slotId, Outcome outcome) {
    tally.add(outcome);
    if (!(outcome instanceof Outcome.Passed || outcome instanceof Outcome.Skipped)) {
      clear.remove(slotId);
    }
    if (outcome instanceof Outcome.InfrastructureError error && !error.onSlot()) {
      return;
    }
    if (outcome.brokeTheSlot()) {
      if (!excused(slotId)) {
        put(slotId, of(slotId).broke(outcome.message(), nanoTime.getAsLong()));
      }
      fitAt.remove(slotId);
    } else if (!(outcome instanceof Outcome.Cancelled)) {
      put(slotId, of(slotId).worked());
    }
  }

  private boolean excused(String slotId) {
    Long at = excusedAt.get(slotId);
    return at != null && nanoTime.getAsLong() - at <= AFTERMATH.toNanos();
  }

  /**
   * Whether what breaks on the slot now is part of a host event. That a phone went alone is known
   * only when no other has followed it: the answer may take {@link HostWatch#TOGETHER}, and comes
   * on any thread.
   */
  public CompletableFuture<Boolean> hostEvent(Slot slot) {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    synchronized (this) {
      if (excused(slot.id())) {
        return CompletableFuture.completedFuture(true);
      }
      if (slot.target() == Target.BROWSERSTACK || isTheOnlyOne(slot.id())) {
        return CompletableFuture.completedFuture(false);
      }
      awaited.put(answer, slot.id());
    }
    answer.whenComplete((event, none) -> forget(answer));
    return answer.completeOnTimeout(false, HostWatch.TOGETHER.toMillis(), TimeUnit.MILLISECONDS);
  }

  private boolean isTheOnlyOne(String slotId) {
    return !host.knowsAnother(slotId) && present.stream().allMatch(slotId::equals);
  }

  private synchronized void forget(CompletableFuture<Boolean> answer) {
    awaited.remove(answer);
  }

  private synchronized List<CompletableFuture<Boolean>> awaiting(Set<String> slotIds) {
    return awaited.entrySet().stream()
        .filter(entry -> slotIds.contains(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Has a look at the phone unless it was found fit just now, and withholds the slot if it is not.
   *
   * @return whether the slot may be given work
   */
  public boolean check(Slot slot) {
    synchronized (this) {
      if (withheld(slot.id()).isPresent()) {
        return false;
      }
      Long fit = fitAt.get(slot.id());
      if (fit != null && nanoTime.getAsLong() - fit < FRESH.toNanos()) {
        return true;
      }
    }
    Optional<String> ailment = probe.ailment(slot);
    synchronized (this) {
      long now = nanoTime.getAsLong();
      if (ailment.isPresent()) {
        put(slot.id(), of(slot.id()).unfit(ailment.get(), now));
        return false;
      }
      fitAt.put(slot.id(), now);
      return withheld(slot.id()).isEmpty();
    }
  }

  /**
   * Ends what jobs left running on the phone, unless none can have since that was done last. For
   * the slot itself to call, while it runs nothing: what belongs to a job that runs looks the same.
   */
  public void clear(Slot slot) {
    synchronized (this) {
      if (clear.contains(slot.id())) {
        return;
      }
    }
    if (probe.clear(slot)) {
      synchronized (this) {
        clear.add(slot.id());
      }
    }
  }

  /**
   * Lets the slot claim what it was sent, until it {@linkplain #rests}; or withholds it while what
   * it shares has no room.
   *
   * @return whether it may
   */
  public boolean admit(Slot slot) {
    Optional<String> full = admission.enter(slot);
    if (full.isEmpty()) {
      return true;
    }
    synchronized (this) {
      NoRoom before =
          noRoom.put(slot.id(), new NoRoom(full.get(), nanoTime.getAsLong() + ROOM.toNanos()));
      if (before == null) {
        log.info("slot {}: takes no work for now: {}", slot.id(), full.get());
      }
    }
    return false;
  }

  /** The slot has no work any more. */
  public void rests(Slot slot) {
    admission.leave(slot);
  }

  /**
   * Takes those of {@code slots} whose time in quarantine is over, or that wait for room: each has
   * to be probed now.
   */
  public synchronized List<Slot> takeDue(List<Slot> slots) {
    long now = nanoTime.getAsLong();
    List<Slot> due = new ArrayList<>();
    for (Slot slot : slots) {
      NoRoom full = noRoom.get(slot.id());
      boolean over =
          of(slot.id()) instanceof Quarantined quarantined
              ? now - quarantined.probeAt() >= 0
              : full != null && now - full.lookAt() >= 0;
      if (over && probing.add(slot.id())) {
        due.add(slot);
      }
    }
    return due;
  }

  /**
   * Looks whether a quarantined slot is fit again, and tries to mend it if not; or whether there is
   * room for it.
   */
  public void probe(Slot slot) {
    try {
      if (!isQuarantined(slot)) {
        lookForRoom(slot);
        return;
      }
      Optional<String> ailment = probe.ailment(slot);
      int spells;
      synchronized (this) {
        SlotHealth before = of(slot.id());
        spells = before instanceof Quarantined quarantined ? quarantined.spells() : 0;
        long now = nanoTime.getAsLong();
        put(slot.id(), ailment.map(a -> before.unfit(a, now)).orElseGet(before::probedWell));
      }
      if (ailment.isPresent()) {
        recovery.unfit(slot, ailment.get(), spells);
      }
    } finally {
      synchronized (this) {
        probing.remove(slot.id());
      }
    }
  }

  private synchronized boolean isQuarantined(Slot slot) {
    return of(slot.id()) instanceof Quarantined;
  }

  private void lookForRoom(Slot slot) {
    boolean room = admission.reopens(slot);
    synchronized (this) {
      if (room) {
        noRoom.remove(slot.id());
      } else {
        noRoom.computeIfPresent(
            slot.id(),
            (id, full) -> new NoRoom(full.reason(), nanoTime.getAsLong() + ROOM.toNanos()));
      }
    }
  }

  /**
   * These slots went away.
   *
   * @return the ids of what the host lost together, of which they are part; empty when one phone
   *     went alone
   */
  public Set<String> left(Set<Slot> slots) {
    Set<String> slotIds = slots.stream().map(Slot::id).collect(Collectors.toSet());
    Set<String> event;
    Set<String> phones = new TreeSet<>();
    synchronized (this) {
      long now = nanoTime.getAsLong();
      for (Slot slot : slots) {
        serials.put(slot.id(), slot.udid());
        lost.lost(slot, "adb does not see it any more", now);
      }
      event = host.left(slotIds, now);
      for (String slot : event) {
        excusedAt.put(slot, now);
        put(slot, of(slot).excused());
        phones.add(serials.getOrDefault(slot, slot));
      }
      lost.together(phones, now);
      slotIds.forEach(fitAt::remove);
      slotIds.forEach(noRoom::remove);
      present.removeAll(slotIds);
    }
    awaiting(event).forEach(answer -> answer.complete(true));
    if (!event.isEmpty()) {
      hostEvents.incrementAndGet();
      log.warn(
          "host event: {} phones vanished within {} s (hub, cable, power or adb?): {}; nothing of"
              + " it counts against them",
          event.size(),
          HostWatch.TOGETHER.toSeconds(),
          event);
      recovery.hostEvent(phones);
    }
    return event;
  }

  /**
   * adb sees this phone and it cannot work.
   *
   * @param offline whether it does not answer adb, which adb may mend; else time or a person will
   */
  public synchronized void unready(Slot slot, boolean offline) {
    if (offline) {
      lost.lost(slot, "it does not answer adb", nanoTime.getAsLong());
    } else {
      lost.found(slot.udid());
    }
  }

  /** Takes the next step for each phone that went away, or is offline, and did not come back. */
  public void seekLost() {
    List<LostPhones.Due> due;
    synchronized (this) {
      due = lost.takeDue(nanoTime.getAsLong());
    }
    Set<String> together = new TreeSet<>();
    for (LostPhones.Due one : due) {
      if (one.together()) {
        together.add(one.slot().udid());
      } else {
        recovery.lost(one.slot(), one.how(), one.step());
      }
    }
    if (!together.isEmpty()) {
      recovery.notBack(together);
    }
  }

  /** This slot is there. */
  public synchronized void came(Slot slot) {
    String slotId = slot.id();
    host.came(slotId);
    lost.found(slot.udid());
    clear.remove(slotId); // a worker may have been killed under its job, or a run ended without it
    present.add(slotId);
    if (of(slotId) instanceof Quarantined before) {
      // whatever was wrong may have gone with the cable
      health.put(slotId, new Quarantined(before.reason(), nanoTime.getAsLong(), before.spells()));
    }
  }

  private SlotHealth of(String slotId) {
    return health.getOrDefault(slotId, SlotHealth.Fit.NEW);
  }

  private void put(String slotId, SlotHealth now) {
    SlotHealth before = of(slotId);
    if (now.equals(SlotHealth.Fit.NEW)) {
      health.remove(slotId);
    } else {
      health.put(slotId, now);
    }
    if (now instanceof Quarantined quarantined && !(before instanceof Quarantined)) {
      log.warn("slot {}: quarantined: {}", slotId, quarantined.reason());
    } else if (before instanceof Quarantined && !(now instanceof Quarantined)) {
      log.info("slot {}: back from quarantine", slotId);
    }
  }
}
