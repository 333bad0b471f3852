package dev.qgjob.lab.throughput;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** What the bench itself asks of a contender's database. */
final class Sql {
  private Sql() {}

  static void execute(DataSource source, String... statements) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static long count(DataSource source, String query) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Asks twenty times a second until the count is zero. */
  static void awaitNone(DataSource source, String query, Duration most) throws Exception {
    long deadline = System.nanoTime() + most.toNanos();
    long left = count(source, query);
    while (left > 0) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(left + " jobs are left after " + most.toSeconds() + " s");
      }
      TimeUnit.MILLISECONDS.sleep(50);
      left = count(source, query);
    }
  }

  static String resource(String name) {
    try (InputStream in = Objects.requireNonNull(Sql.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
