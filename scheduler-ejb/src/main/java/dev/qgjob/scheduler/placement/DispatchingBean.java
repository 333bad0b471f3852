package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Bookkeeper;
import dev.qgjob.domain.placement.Bus;
import dev.qgjob.domain.placement.Dispatcher;
import dev.qgjob.domain.placement.Dispatching;
import dev.qgjob.domain.placement.Nudge;
import dev.qgjob.domain.submit.Submissions;
import dev.qgjob.scheduler.database.RareLog;
import dev.qgjob.scheduler.database.SchemaState;
import dev.qgjob.scheduler.database.Transactions;
import dev.qgjob.scheduler.fleet.JpaFleetStore;
import dev.qgjob.scheduler.job.JpaJobStore;
import dev.qgjob.scheduler.setting.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.Timeout;
import jakarta.ejb.TimerConfig;
import jakarta.ejb.TimerService;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.UserTransaction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;

/**
 * The dispatcher over database and broker, and what wakes it: the commit of a transaction that
 * changed work, and the lease policy's pause in any case. On one server one tick of a target runs
 * at a time; among servers the target's row decides. A broker that is away rolls the tick back: the
 * jobs stay unsent, and whoever submits does not notice.
 */
@Singleton
@Startup
@DependsOn("SchemaBean")
@Local({Dispatching.class, Wakeups.class})
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionManagement(TransactionManagementType.BEAN)
@SuppressWarnings("NullAway.Init")
public class DispatchingBean implements Dispatching, Wakeups {
  private static final System.Logger LOG = System.getLogger(DispatchingBean.class.getName());

  @PersistenceContext(unitName = "qgjob")
  private EntityManager entities;

  @Resource private TimerService timers;
  @Resource private UserTransaction transaction;
  @Resource private TransactionSynchronizationRegistry synchronizations;
  @Resource private ManagedExecutorService executor;
  @EJB private Bus bus;
  @EJB private Nudge nudge;
  @EJB private SchemaState schema;
  @EJB private Submissions submissions;

  /** A tick of another server's has ended by then, in most cases. */
  private static final Duration TAKEN = Duration.ofMillis(50);

  private final RareLog log = new RareLog(LOG, InstantSource.system());
  private final Map<Target, Wakeup> ticks = new EnumMap<>(Target.class);
  private final Map<Target, DueTimes> due = new EnumMap<>(Target.class);
  private final Set<Target> awaitingOthers =
      Collections.synchronizedSet(EnumSet.noneOf(Target.class));
  private Turns turns;
  private Wakeup sweep;
  private Wakeup books;
  private Wakeup abandoned;
  private Dispatching dispatching;

  @PostConstruct
  void start() {
    dispatching =
        new InTransactions(
            new Dispatcher(
                new JpaBoardStore(entities, Settings.current().browserStackMinute()),
                new JpaJobStore(entities),
                new JpaFleetStore(entities),
                bus,
                Settings.current().leases(),
                nudge,
                new JpaPulse(entities),
                new DecisionsAfterCommit(
                    synchronizations,
                    new DecisionFiles(
                        Settings.current().home().resolve("decisions"),
                        Settings.current().decisions(),
                        executor,
                        new RareLog(LOG, InstantSource.system())))),
            new Transactions(transaction));
    turns = new Turns(dispatching::tick, target -> due(target, TAKEN));
    for (Target target : Target.values()) {
      Wakeup tick = wakeup("the tick of target " + target, () -> tickOn(target));
      ticks.put(target, tick);
      due.put(target, new DueTimes(executor, tick::wake));
    }
    sweep = wakeup("the sweep", () -> dispatching.sweep());
    Bookkeeper keeper = new Bookkeeper(new JpaBooks(entities));
    Transactions transactions = new Transactions(transaction);
    books =
        wakeup(
            "the books",
            () -> {
              try {
                transactions.call(keeper::keep);
              } catch (RuntimeException e) {
                throw e;
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    abandoned = wakeup("runs that nobody waits for", () -> submissions.cancelAbandoned());
    timers.createIntervalTimer(
        0,
        Settings.current().leases().pause().toMillis(),
        new TimerConfig("tick and sweep", false));
  }

  private void tickOn(Target target) {
    TickResult result = turns.tick(target);
    if (result.awaitsOthers()) {
      awaitingOthers.add(target);
    } else if (result.looked()) {
      awaitingOthers.remove(target);
    }
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

  @Timeout
  void look() {
    if (!schema.ready()) {
      return;
    }
    ticks.values().forEach(Wakeup::wake);
    sweep.wake();
    books.wake();
    abandoned.wake();
  }

  @Override
  public void changed(Set<Target> targets) {
    ticks.forEach(
        (target, tick) -> {
          if (targets.contains(target) || awaitingOthers.contains(target)) {
            turns.changed(target);
            tick.wake();
          }
        });
  }

  @Override
  public void due(Target target, Duration after) {
    Objects.requireNonNull(due.get(target)).in(after);
  }

  @Override
  public void stopped(List<Bus.Dispatch> stops) {
    try {
      executor.execute(() -> send(stops));
    } catch (RejectedExecutionException e) {
      log.failed("telling workers to stop", e);
    }
  }

  /** The beat's answer repeats it: a failure costs a beat. */
  private void send(List<Bus.Dispatch> stops) {
    try {
      bus.send(stops);
    } catch (RuntimeException e) {
      log.failed("telling workers to stop", e);
    }
  }

  @Override
  public TickResult tick(Target target) {
    return dispatching.tick(target);
  }

  @Override
  public int sweep() {
    return dispatching.sweep();
  }
}
