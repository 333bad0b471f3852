package dev.qgjob.domain.fleet;

import dev.qgjob.domain.job.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Outbound: workers and slots. Calls run in the transaction of the desk's caller. */
public interface FleetStore {
  Instant now();

  Optional<Worker> worker(String workerId);

  /** Locks the worker's row for this transaction, so that registrations and beats take turns. */
  Optional<Worker> lockWorker(String workerId);

  /**
   * As {@link #lockWorker}, those of these workers that nobody else has locked, by id: whoever
   * looks after all workers does not wait for what one of them says.
   */
  Map<String, Worker> lockFreeWorkers(Collection<String> workerIds);

  void saveWorker(Worker worker);

  Optional<Slot> slot(String slotId);

  List<Slot> slotsOf(String workerId);

  List<Slot> slots();

  /**
   * How many slots of a target are attached by a beat within the last {@code lease} and held by
   * nobody.
   */
  default int liveSlots(Target target, Duration lease) {
    Instant now = now();
    Set<String> held = holds().keySet();
    return (int)
        slots().stream()
            .filter(s -> s.target() == target && s.live(now, lease) && !held.contains(s.id()))
            .count();
  }

  void saveSlot(Slot slot);

  /** Notes that a worker and all of its slots were heard of at this moment. */
  void beaten(String workerId, Instant at);

  void removeSlot(String slotId);

  /** Notes where the messages of these jobs and generations wait. */
  void noteInbox(String slotId, List<Fleet.InboxEntry> inbox);

  /** Holds that have not ended, by slot id. */
  Map<String, Hold> holds();

  /** Writes a hold in the place of an earlier one of the slot. */
  void hold(Hold hold);

  /** False if the slot is not held. */
  boolean release(String slotId);

  /** Slot id to the job that runs on it. */
  Map<String, String> running();
}
