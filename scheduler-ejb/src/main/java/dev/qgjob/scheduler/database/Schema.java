package dev.qgjob.scheduler.database;

import jakarta.persistence.EntityManagerFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.hibernate.SessionFactory;

/**
 * The tables: made and moved on by Flyway from {@code db/migration}, then compared with the
 * entities by Hibernate, which never changes them.
 */
public final class Schema {
  private Schema() {}

  /** Brings the tables to this version; whoever else starts at this moment waits for it. */
  public static void migrate(DataSource source) {
    requireUtc(source);
    Flyway.configure(Schema.class.getClassLoader())
        .dataSource(source)
        .locations("classpath:db/migration")
        .load()
        .migrate();
  }

  /** Throws, naming the table and column, where entities and tables differ. */
  public static void validate(EntityManagerFactory factory) {
    factory.unwrap(SessionFactory.class).getSchemaManager().validateMappedObjects();
  }

  /** Times in the tables have no zone: in sessions of another one leases would be off by hours. */
  private static void requireUtc(DataSource source) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      boolean mysql = connection.getMetaData().getDatabaseProductName().contains("MySQL");
      try (ResultSet offset =
          statement.executeQuery(
              mysql
                  ? "select timestampdiff(minute, utc_timestamp(), now())"
                  : "select extract(timezone_hour from current_timestamp)")) {
        offset.next();
        if (offset.getInt(1) != 0) {
          throw new IllegalStateException(
              "the database's sessions are not in UTC: add"
                  + (mysql
                      ? " connectionTimeZone=UTC&forceConnectionTimeZoneToSession=true"
                      : " ;TIME ZONE=UTC")
                  + " to the JDBC URL");
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the database does not answer: " + e.getMessage(), e);
    }
  }
}
