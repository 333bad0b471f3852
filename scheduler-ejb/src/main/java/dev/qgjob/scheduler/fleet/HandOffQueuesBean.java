package dev.qgjob.scheduler.fleet;

import dev.qgjob.domain.placement.Bus;
import dev.qgjob.scheduler.broker.WorkerQueues;
import dev.qgjob.scheduler.database.RareLog;
import dev.qgjob.scheduler.database.SchemaState;
import dev.qgjob.scheduler.database.Transactions;
import dev.qgjob.scheduler.setting.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.ejb.DependsOn;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.Timeout;
import jakarta.ejb.TimerConfig;
import jakarta.ejb.TimerService;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.UserTransaction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Removes the queues of workers that have ended. Every server looks; the row's lock decides. */
@Singleton
@Startup
@DependsOn("SchemaBean")
@TransactionManagement(TransactionManagementType.BEAN)
@SuppressWarnings("NullAway.Init")
public class HandOffQueuesBean {
  private static final System.Logger LOG = System.getLogger(HandOffQueuesBean.class.getName());

  @PersistenceContext(unitName = "qgjob")
  private EntityManager entities;

  @Resource private TimerService timers;
  @Resource private UserTransaction transaction;
  @EJB private WorkerQueues broker;
  @EJB private SchemaState schema;
  private final RareLog log = new RareLog(LOG, InstantSource.system());
  private HandOffQueues queues;

  @PostConstruct
  void start() {
    Duration lease = Settings.current().leases().lease();
    queues = new HandOffQueues(entities, broker, lease);
    long pause = lease.dividedBy(2).toMillis();
    timers.createIntervalTimer(pause, pause, new TimerConfig("queues of ended workers", false));
  }

  @Timeout
  void look() {
    if (!schema.ready()) {
      return;
    }
    Transactions transactions = new Transactions(transaction);
    try {
      List<String> due = transactions.call(queues::due);
      for (String workerId : due) {
        transactions.call(
            () -> {
              queues.remove(workerId);
              return workerId;
            });
      }
    } catch (Bus.Unavailable e) {
      LOG.log(System.Logger.Level.DEBUG, "a worker''s queue stays for now: {0}", e.getMessage());
    } catch (Exception e) {
      log.failed("removing the queues of ended workers", e);
    }
  }
}
