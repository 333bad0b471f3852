package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Bus;
import dev.qgjob.domain.placement.Dispatching;
import dev.qgjob.domain.placement.Nudge;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Schedule;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/**
 * Wakes the dispatcher: after the commit of a transaction that changed work, and every second in
 * any case. On one server one tick of a target runs at a time; among servers the target's row
 * decides.
 */
@Singleton
@Startup
@DependsOn("SchemaBean")
@Local(Nudge.class)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionManagement(TransactionManagementType.BEAN)
@SuppressWarnings("NullAway.Init")
public class NudgeBean implements Nudge {
  private static final System.Logger LOG = System.getLogger(NudgeBean.class.getName());

  @Resource private TransactionSynchronizationRegistry transactions;
  @Resource private ManagedExecutorService executor;
  @EJB private Dispatching dispatching;
  @EJB private Bus bus;

  private final RareLog log = new RareLog(LOG, InstantSource.system());
  private final Map<Target, Wakeup> ticks = new EnumMap<>(Target.class);
  private Wakeup sweep;

  @PostConstruct
  void start() {
    for (Target target : Target.values()) {
      String what = "the tick of target " + target;
      ticks.put(target, wakeup(what, () -> dispatching.tick(target)));
    }
    sweep = wakeup("the sweep", () -> dispatching.sweep());
  }

  private Wakeup wakeup(String what, Runnable work) {
    return new Wakeup(
        executor,
        () -> {
          try {
            work.run();
          } catch (RuntimeException e) {
            log.failed(what, e);
          }
        });
  }

  @Schedule(hour = "*", minute = "*", second = "*", persistent = false, info = "tick and sweep")
  void everySecond() {
    ticks.values().forEach(Wakeup::wake);
    sweep.wake();
  }

  @Override
  public void workChanged(Target target) {
    afterCommit().changed.add(target);
  }

  @Override
  public void stop(String workerId, String jobId, long generation) {
    afterCommit().stops.add(new Bus.Dispatch.Stop(workerId, jobId, generation));
  }

  /** What the current transaction has said so far. */
  private AfterCommit afterCommit() {
    if (transactions.getResource(AfterCommit.class) instanceof AfterCommit said) {
      return said;
    }
    AfterCommit said = new AfterCommit();
    transactions.putResource(AfterCommit.class, said);
    transactions.registerInterposedSynchronization(said);
    return said;
  }

  private final class AfterCommit implements Synchronization {
    final Set<Target> changed = EnumSet.noneOf(Target.class);
    final List<Bus.Dispatch> stops = new ArrayList<>();

    @Override
    public void beforeCompletion() {}

    @Override
    public void afterCompletion(int status) {
      if (status == Status.STATUS_COMMITTED) {
        ticks.forEach(
            (target, tick) -> {
              if (changed.contains(target)) {
                tick.wake();
              }
            });
        if (!stops.isEmpty()) {
          send(List.copyOf(stops));
        }
      }
    }
  }

  private void send(List<Bus.Dispatch> stops) {
    try {
      executor.execute(() -> sendNow(stops));
    } catch (RejectedExecutionException e) {
      log.failed("telling workers to stop", e);
    }
  }

  /** The beat's answer repeats it: a failure costs a beat. */
  private void sendNow(List<Bus.Dispatch> stops) {
    try {
      bus.send(stops);
    } catch (RuntimeException e) {
      log.failed("telling workers to stop", e);
    }
  }
}
