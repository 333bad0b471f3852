package dev.qgjob.scheduler.database;

import jakarta.persistence.EntityManager;
import java.sql.Timestamp;
import java.time.Instant;
import org.hibernate.dialect.Dialect;
import org.hibernate.dialect.H2Dialect;
import org.hibernate.dialect.MySQLDialect;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.query.NativeQuery;

/**
 * The clock of the database, in milliseconds and UTC: the only one that leases know, whatever the
 * servers' own clocks say.
 */
public enum DatabaseClock {
  /**
   * {@code SYSDATE} and not {@code NOW}: the latter is the beginning of the statement, before it
   * waited for a lock, and would take an expired lease for a live one.
   */
  MYSQL("sysdate(3)"),
  /** Fixed for one statement; the database lives in the server's own process. */
  H2("cast(current_timestamp(3) at time zone 'UTC' as timestamp(3))");

  private final String sql;

  DatabaseClock(String sql) {
    this.sql = sql;
  }

  /** The clock of the database behind this entity manager. */
  public static DatabaseClock of(EntityManager entities) {
    return of(
        entities
            .getEntityManagerFactory()
            .unwrap(SessionFactoryImplementor.class)
            .getJdbcServices()
            .getDialect());
  }

  static DatabaseClock of(Dialect dialect) {
    if (dialect instanceof MySQLDialect) {
      return MYSQL;
    }
    if (dialect instanceof H2Dialect) {
      return H2;
    }
    throw new IllegalStateException(
        "qgjob runs on MySQL and H2, this is " + dialect.getClass().getSimpleName());
  }

  /** The time as an expression of SQL. */
  public String sql() {
    return sql;
  }

  /** What the clock says. */
  public Instant now(EntityManager entities) {
    return ((Timestamp)
            entities
                .createNativeQuery("select " + sql + " as moment")
                .unwrap(NativeQuery.class)
                .addScalar("moment", Timestamp.class)
                .getSingleResult())
        .toInstant();
  }
}
