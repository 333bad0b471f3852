package dev.qgjob.scheduler.fleet;

import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.fleet.FleetStore;
import dev.qgjob.domain.fleet.Hold;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.fleet.Worker;
import dev.qgjob.domain.job.Target;
import dev.qgjob.scheduler.database.DatabaseClock;
import dev.qgjob.scheduler.database.OneOf;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Query;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Workers and slots in the database. */
public final class JpaFleetStore implements FleetStore {
  private final EntityManager entities;
  private final DatabaseClock clock;
  private final Slots slots;
  private final Holds holds;

  public JpaFleetStore(EntityManager entities) {
    this.entities = entities;
    this.clock = DatabaseClock.of(entities);
    this.slots = new Slots(entities);
    this.holds = new Holds(entities);
  }

  @Override
  public Instant now() {
    return clock.now(entities);
  }

  @Override
  public Optional<Worker> worker(String workerId) {
    return read(entities.find(WorkerRow.class, workerId));
  }

  @Override
  public Optional<Worker> lockWorker(String workerId) {
    return read(entities.find(WorkerRow.class, workerId, LockModeType.PESSIMISTIC_WRITE));
  }

  @Override
  public Map<String, Worker> lockFreeWorkers(Collection<String> workerIds) {
    OneOf some = new OneOf("id", workerIds);
    Map<String, Worker> free = new HashMap<>();
    for (Object row :
        some.in(
                entities.createNativeQuery(
                    "select * from worker where id in "
                        + some
                        + " order by id for update skip locked",
                    WorkerRow.class))
            .getResultList()) {
      Worker worker = ((WorkerRow) row).toWorker();
      free.put(worker.id(), worker);
    }
    entities.clear();
    return free;
  }

  private Optional<Worker> read(@Nullable WorkerRow row) {
    entities.clear();
    return Optional.ofNullable(row).map(WorkerRow::toWorker);
  }

  @Override
  public void saveWorker(Worker worker) {
    entities.merge(WorkerRow.of(worker));
    written();
  }

  private void written() {
    entities.flush();
    entities.clear();
  }

  @Override
  public Optional<Slot> slot(String slotId) {
    return slots.where("s.id = :id", Map.of("id", slotId)).stream().findFirst();
  }

  @Override
  public List<Slot> slotsOf(String workerId) {
    return slots.where("s.workerId = :worker", Map.of("worker", workerId));
  }

  @Override
  public List<Slot> slots() {
    return slots.where("true = true", Map.of());
  }

  @Override
  public int liveSlots(Target target, Duration lease) {
    return slots.countLiveAndNotHeld(target, lease);
  }

  @Override
  public void saveSlot(Slot slot) {
    entities.merge(SlotRow.of(slot));
    written();
  }

  @Override
  public void beaten(String workerId, Instant at) {
    entities
        .createQuery("update WorkerRow w set w.lastBeatAt = :at where w.id = :worker")
        .setParameter("at", at)
        .setParameter("worker", workerId)
        .executeUpdate();
    entities
        .createQuery("update SlotRow s set s.lastBeatAt = :at where s.workerId = :worker")
        .setParameter("at", at)
        .setParameter("worker", workerId)
        .executeUpdate();
  }

  @Override
  public void removeSlot(String slotId) {
    SlotRow row = entities.find(SlotRow.class, slotId);
    if (row != null) {
      entities.remove(row);
    }
    written();
  }

  @Override
  public void noteInbox(String slotId, List<Fleet.InboxEntry> inbox) {
    Query update =
        entities.createQuery(
            """
            update JobRow j set j.notedSlotId = :slot, j.notedAt = database_time()
            where j.id = :id and j.generation = :generation and j.state = QUEUED
              and j.releasedGeneration is not null
            """);
    // in one order, so that two that meet on the same rows do not lock each other out
    inbox.stream()
        .sorted(Comparator.comparing(Fleet.InboxEntry::jobId))
        .forEach(
            entry ->
                update
                    .setParameter("slot", slotId)
                    .setParameter("id", entry.jobId())
                    .setParameter("generation", entry.generation())
                    .executeUpdate());
  }

  @Override
  public Map<String, Hold> holds() {
    return holds.now();
  }

  @Override
  public void hold(Hold hold) {
    holds.set(hold);
  }

  @Override
  public boolean release(String slotId) {
    return holds.release(slotId);
  }

  @Override
  public Map<String, String> running() {
    Map<String, String> bySlot = new HashMap<>();
    entities
        .createQuery(
            "select j.leaseSlotId, j.id from JobRow j where j.state = RUNNING order by j.id",
            Object[].class)
        .getResultStream()
        .forEach(row -> bySlot.putIfAbsent((String) row[0], (String) row[1]));
    return bySlot;
  }
}
