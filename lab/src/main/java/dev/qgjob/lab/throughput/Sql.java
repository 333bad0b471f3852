package dev.qgjob.lab.throughput;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  static List<Double> numbers(DataSource source, String query) {
    List<Double> numbers = new ArrayList<>();
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        numbers.add(rows.getDouble(1));
      }
      return numbers;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Asks ten times a second until the count is zero. */
  static void awaitNone(DataSource source, String query, Duration most) throws Exception {
    awaitNone(source, query, most, Duration.ofMillis(100));
  }

  static void awaitNone(DataSource source, String query, Duration most, Duration pause)
      throws Exception {
    long deadline = System.nanoTime() + most.toNanos();
    long left = count(source, query);
    while (left > 0) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(left + " jobs are left after " + most.toSeconds() + " s");
      }
      TimeUnit.MILLISECONDS.sleep(pause.toMillis());
      left = count(source, query);
    }
  }
}
