package dev.qgjob.scheduler.retention;

import dev.qgjob.domain.retention.Retention;
import dev.qgjob.scheduler.artefact.Blobs;
import dev.qgjob.scheduler.database.RareLog;
import dev.qgjob.scheduler.database.SchemaState;
import dev.qgjob.scheduler.database.Transactions;
import dev.qgjob.scheduler.setting.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
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
import java.util.concurrent.Callable;

/**
 * Takes away what has grown old, every ten minutes and for a minute at most: what is left then is
 * the next one's. One at a time on each server.
 */
@Singleton
@Startup
@DependsOn("SchemaBean")
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionManagement(TransactionManagementType.BEAN)
@SuppressWarnings("NullAway.Init")
public class RetentionBean {
  private static final System.Logger LOG = System.getLogger(RetentionBean.class.getName());
  private static final Duration MOST = Duration.ofMinutes(1);

  @PersistenceContext(unitName = "qgjob")
  private EntityManager entities;

  @Resource private TimerService timers;
  @Resource private UserTransaction transaction;
  @EJB private SchemaState schema;

  private final RareLog log = new RareLog(LOG, InstantSource.system());
  private Retention retention;

  @PostConstruct
  void start() {
    Settings settings = Settings.current();
    retention = new Retention(new JpaRetentionStore(entities), Blobs.current(), settings.keep());
    long pause = settings.keepPause().toMillis();
    timers.createIntervalTimer(pause, pause, new TimerConfig("retention", false));
  }

  @Timeout
  void look() {
    if (!schema.ready()) {
      return;
    }
    long end = System.nanoTime() + MOST.toNanos();
    Transactions transactions = new Transactions(transaction);
    try {
      repeat(transactions, end, retention::runs);
      repeat(transactions, end, retention::uploads);
      repeat(transactions, end, retention::bytes);
    } catch (Exception e) {
      log.failed("taking away what is old", e);
    }
  }

  private static void repeat(Transactions transactions, long end, Callable<Boolean> step)
      throws Exception {
    boolean more = true;
    while (more && System.nanoTime() < end) {
      more = transactions.call(step);
    }
  }
}
