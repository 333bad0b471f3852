package dev.qgjob.scheduler.health;

import dev.qgjob.domain.health.Vitals;
import dev.qgjob.scheduler.broker.BrokerCheck;
import dev.qgjob.scheduler.database.SchemaState;
import jakarta.annotation.PostConstruct;
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
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Asks the database at every call, since nothing works without it, and waits a moment for it. The
 * broker is asked beside the call, at most once in {@link #BROKER_EVERY}: one that is away may take
 * long to say so, and submissions are taken all the same.
 */
@Singleton
@Local(Vitals.class)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@SuppressWarnings("NullAway.Init")
public class VitalsBean implements Vitals {
  private static final Duration BROKER_EVERY = Duration.ofSeconds(5);
  private static final Duration DATABASE_MOST = Duration.ofSeconds(2);
  private static final String NO_ANSWER = "no answer";

  @Resource(lookup = "java:jboss/datasources/QgjobDS")
  private DataSource database;

  @EJB private BrokerCheck broker;
  @EJB private SchemaState schema;
  @Resource private ManagedExecutorService executor;

  private Question askDatabase;
  private Question askBroker;
  private volatile long brokerAskedAt;

  @PostConstruct
  void start() {
    askDatabase = new Question(executor, this::databaseTrouble, "not asked yet");
    askBroker = new Question(executor, this::brokerTrouble, "not asked yet");
    brokerAskedAt = System.nanoTime() - BROKER_EVERY.toNanos();
  }

  @Override
  public boolean started() {
    return schema.ready();
  }

  @Override
  public List<Part> parts() {
    if (System.nanoTime() - brokerAskedAt >= BROKER_EVERY.toNanos()) {
      askBroker.ask();
    }
    return List.of(
        new Part("database", true, askDatabase.answerWithin(DATABASE_MOST, NO_ANSWER)),
        new Part("broker", false, askBroker.lastAnswer()));
  }

  // a failed migration is the last row of their history
  private @Nullable String databaseTrouble() {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      if (!schema.ready()) {
        return "its tables are being made";
      }
      statement.setMaxRows(1);
      try (ResultSet last =
          statement.executeQuery(
              "select success from flyway_schema_history order by installed_rank desc")) {
        return last.next() && last.getBoolean(1) ? null : "the schema is not current";
      }
    } catch (SQLException e) {
      return NO_ANSWER;
    }
  }

  private @Nullable String brokerTrouble() {
    try {
      broker.check();
      return null;
    } catch (RuntimeException e) {
      return NO_ANSWER;
    } finally {
      brokerAskedAt = System.nanoTime();
    }
  }
}
