package dev.qgjob.scheduler.health;

import dev.qgjob.domain.health.Vitals;
import dev.qgjob.scheduler.broker.BrokerCheck;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Asks the database at every call, since nothing works without it. The broker is asked beside the
 * call, at most once in {@link #BROKER_EVERY}: one that is away may take long to say so, and
 * submissions are taken all the same.
 */
@Singleton
@Local(Vitals.class)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class VitalsBean implements Vitals {
  private static final Duration BROKER_EVERY = Duration.ofSeconds(5);
  private static final int DATABASE_SECONDS = 3;

  private final AtomicBoolean askingBroker = new AtomicBoolean();
  private volatile long brokerAskedAt = System.nanoTime() - BROKER_EVERY.toNanos();
  private volatile @Nullable String brokerTrouble = "not asked yet";

  @Resource(lookup = "java:jboss/datasources/QgjobDS")
  @SuppressWarnings("NullAway.Init")
  private DataSource database;

  @EJB
  @SuppressWarnings("NullAway.Init")
  private BrokerCheck broker;

  @Resource
  @SuppressWarnings("NullAway.Init")
  private ManagedExecutorService executor;

  @Override
  public List<Part> parts() {
    askBrokerBeside();
    return List.of(
        new Part("database", true, databaseTrouble()), new Part("broker", false, brokerTrouble));
  }

  // the migrations run before the application starts; a failed one is the last row of their history
  private @Nullable String databaseTrouble() {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(DATABASE_SECONDS);
      statement.setMaxRows(1);
      try (ResultSet last =
          statement.executeQuery(
              "select success from flyway_schema_history order by installed_rank desc")) {
        return last.next() && last.getBoolean(1) ? null : "the schema is not current";
      }
    } catch (SQLException e) {
      return "no answer";
    }
  }

  private void askBrokerBeside() {
    boolean due = System.nanoTime() - brokerAskedAt >= BROKER_EVERY.toNanos();
    if (due && askingBroker.compareAndSet(false, true)) {
      try {
        executor.execute(this::askBroker);
      } catch (RejectedExecutionException e) {
        askingBroker.set(false);
      }
    }
  }

  private void askBroker() {
    try {
      broker.check();
      brokerTrouble = null;
    } catch (RuntimeException e) {
      brokerTrouble = "no answer";
    } finally {
      brokerAskedAt = System.nanoTime();
      askingBroker.set(false);
    }
  }
}
