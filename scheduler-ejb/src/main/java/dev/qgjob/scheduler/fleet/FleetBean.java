package dev.qgjob.scheduler.fleet;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.fleet.FleetDesk;
import dev.qgjob.domain.placement.Bus;
import dev.qgjob.domain.placement.Nudge;
import dev.qgjob.scheduler.blame.JpaBlameStore;
import dev.qgjob.scheduler.broker.WorkerQueues;
import dev.qgjob.scheduler.database.InTransaction;
import dev.qgjob.scheduler.job.JpaJobStore;
import dev.qgjob.scheduler.setting.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The fleet desk over the database. A worker's own queue comes and goes with its registration,
 * under the lock of the worker's row, so that a leaving process never takes the queue of the next
 * one.
 */
@Stateless
@Local(Fleet.class)
@TransactionManagement(TransactionManagementType.BEAN)
@Interceptors(InTransaction.class)
@SuppressWarnings("NullAway.Init")
public class FleetBean implements Fleet {
  @PersistenceContext(unitName = "qgjob")
  private EntityManager entities;

  @EJB private Nudge nudge;
  @EJB private WorkerQueues broker;
  private HandOffQueues queues;
  private Fleet desk;

  @PostConstruct
  void start() {
    desk =
        new FleetDesk(
            new JpaFleetStore(entities),
            new JpaJobStore(entities),
            Settings.current().leases(),
            nudge,
            new JpaBlameStore(entities));
    queues = new HandOffQueues(entities, broker, Settings.current().leases().lease());
  }

  /** Throws {@link Bus.Unavailable}, and registers nobody, where the queue cannot be made. */
  @Override
  public Registration register(
      Caller worker, StateProof proof, String version, List<SlotOffer> slots) {
    Registration registration = desk.register(worker, proof, version, slots);
    if (registration instanceof Registration.Registered registered) {
      queues.open(registered.worker().id());
    }
    return registration;
  }

  @Override
  public BeatResult beat(Caller worker, BeatReport beat) {
    return desk.beat(worker, beat);
  }

  @Override
  public void leave(Caller worker, long incarnation) {
    desk.leave(worker, incarnation);
    String workerId = worker.workerId();
    if (workerId != null && desk.slots().stream().allMatch(s -> isOfAnother(s, workerId))) {
      queues.left(workerId);
    }
  }

  private static boolean isOfAnother(SlotStatus status, String workerId) {
    return !status.slot().workerId().equals(workerId);
  }

  @Override
  public Optional<SlotStatus> hold(Caller caller, String slotId, Duration time, String reason) {
    return desk.hold(caller, slotId, time, reason);
  }

  @Override
  public boolean release(Caller caller, String slotId) {
    return desk.release(caller, slotId);
  }

  @Override
  public List<SlotStatus> slots() {
    return desk.slots();
  }
}
