package dev.qgjob.scheduler.testing;

import dev.qgjob.scheduler.database.Schema;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Persistence;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/** A migrated database of the tests' own, with the shipped persistence unit on it. */
public final class TestDatabase {
  private static final List<String> TABLES_CHILDREN_FIRST =
      List.of(
          "artefact",
          "log_piece",
          "test_result",
          "attempt_result",
          "requeue",
          "attempt",
          "slot_doubt",
          "state_leak",
          "job",
          "job_group",
          "run_key",
          "run_wish",
          "run_watch",
          "run_target",
          "run_resource",
          "resource",
          "run",
          "build_binary",
          "build",
          "blob_owner",
          "idle_blob",
          "audit",
          "enrolment",
          "token",
          "org",
          "slot_hold",
          "slot_holding",
          "slot",
          "worker_queue",
          "worker",
          "org_account",
          "org_minutes",
          "figure");

  private static final class Holder {
    static final TestDatabase H2 = h2();

    private static TestDatabase h2() {
      String url =
          "jdbc:h2:mem:"
              + UUID.randomUUID()
              + ";MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE"
              + ";TIME ZONE=UTC;LOCK_TIMEOUT=10000;DB_CLOSE_DELAY=-1";
      JdbcDataSource source = new JdbcDataSource();
      source.setURL(url);
      return new TestDatabase(source, url, "");
    }
  }

  private final DataSource source;
  private final EntityManagerFactory factory;

  TestDatabase(DataSource source, String url, String user) {
    this.source = source;
    Schema.migrate(source);
    this.factory =
        Persistence.createEntityManagerFactory(
            "qgjob",
            Map.of(
                "jakarta.persistence.transactionType", "RESOURCE_LOCAL",
                "jakarta.persistence.jdbc.url", url,
                "jakarta.persistence.jdbc.user", user,
                // as WildFly does
                "hibernate.jpa.compliance", "true",
                "hibernate.connection.pool_size", "20",
                "hibernate.connection.isolation", "READ_COMMITTED"));
    Schema.validate(factory);
  }

  /** H2 in memory. */
  public static TestDatabase h2() {
    return Holder.H2;
  }

  /** A real MySQL; aborts the test, loudly, where none can be had. */
  public static TestDatabase mySql() {
    return MySql.database();
  }

  public DataSource source() {
    return source;
  }

  public EntityManagerFactory factory() {
    return factory;
  }

  /** Runs in one transaction. */
  public <T> T in(Function<EntityManager, T> work) {
    EntityManager entities = factory.createEntityManager();
    try {
      entities.getTransaction().begin();
      T result = work.apply(entities);
      entities.getTransaction().commit();
      return result;
    } finally {
      if (entities.getTransaction().isActive()) {
        entities.getTransaction().rollback();
      }
      entities.close();
    }
  }

  /** Empties all tables but those that the migrations filled. */
  public void wipe() {
    in(
        entities -> {
          TABLES_CHILDREN_FIRST.forEach(
              table -> entities.createNativeQuery("delete from " + table).executeUpdate());
          entities.createNativeQuery("update target_lock set cap = null").executeUpdate();
          entities
              .createNativeQuery("update books set booked_until = '1970-01-01 00:00:00'")
              .executeUpdate();
          return null;
        });
  }
}
