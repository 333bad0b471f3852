package dev.qgjob.scheduler.database;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Local;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.Timeout;
import jakarta.ejb.TimerConfig;
import jakarta.ejb.TimerService;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceUnit;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Makes the tables right before anybody uses them. Where the database is away, it asks every second
 * until it is there; where the tables cannot be made right, the server does not start.
 */
@Singleton
@Startup
@Local(SchemaState.class)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionManagement(TransactionManagementType.BEAN)
@SuppressWarnings("NullAway.Init")
public class SchemaBean implements SchemaState {
  private static final System.Logger LOG = System.getLogger(SchemaBean.class.getName());
  private static final long AGAIN_AFTER_MS = 1_000;

  @Resource(lookup = "java:jboss/datasources/QgjobDS")
  private DataSource source;

  @PersistenceUnit(unitName = "qgjob")
  private EntityManagerFactory factory;

  @Resource private TimerService timers;

  private final List<Runnable> waiting = new ArrayList<>();
  private boolean ready;
  private boolean saidAway;

  @PostConstruct
  void start() {
    try {
      makeRight();
    } catch (RuntimeException e) {
      askAgainOrGiveUp(e);
    }
  }

  @Timeout
  void askAgain() {
    try {
      makeRight();
    } catch (RuntimeException e) {
      askAgainOrGiveUp(e);
    }
  }

  private void makeRight() {
    Schema.migrate(source);
    Schema.validate(factory);
    List<Runnable> now;
    synchronized (waiting) {
      ready = true;
      now = List.copyOf(waiting);
      waiting.clear();
    }
    if (saidAway) {
      LOG.log(System.Logger.Level.INFO, "the database is there, and its tables are right");
    }
    now.forEach(Runnable::run);
  }

  private void askAgainOrGiveUp(RuntimeException failure) {
    if (!Absence.isBehind(failure)) {
      throw failure;
    }
    if (!saidAway) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the database does not answer; asking every second until it does: {0}",
          rootOf(failure).toString());
      saidAway = true;
    }
    timers.createSingleActionTimer(AGAIN_AFTER_MS, new TimerConfig(null, false));
  }

  private static Throwable rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }

  @Override
  public boolean ready() {
    synchronized (waiting) {
      return ready;
    }
  }

  @Override
  public void whenReady(Runnable work) {
    synchronized (waiting) {
      if (!ready) {
        waiting.add(work);
        return;
      }
    }
    work.run();
  }
}
