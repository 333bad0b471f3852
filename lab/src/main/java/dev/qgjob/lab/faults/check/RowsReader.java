package dev.qgjob.lab.faults.check;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the database. */
public final class RowsReader {
  private RowsReader() {}

  /** A row of an answer. */
  private interface Reading<T> {
    T row(ResultSet rows) throws SQLException;
  }

  /** All that the checker wants, in one look. */
  public static Rows read(Connection connection) throws SQLException {
    return new Rows(
        all(
            connection,
            """
            select j.id, j.run_id, k.idempotency_key, j.test_path, j.state, j.generation, j.attempt,
              j.released_generation, j.lease_token
            from job j left join run_key k on k.run_id = j.run_id
            """,
            rows ->
                new Rows.Job(
                    rows.getString(1),
                    rows.getString(2),
                    text(rows, 3),
                    rows.getString(4),
                    rows.getString(5),
                    rows.getLong(6),
                    rows.getInt(7),
                    rows.getLong(8),
                    rows.getString(9) != null)),
        all(
            connection,
            """
            select job_id, number, generation, lease_token, slot_id, started_at
            from attempt order by job_id, number
            """,
            rows ->
                new Rows.Attempt(
                    rows.getString(1),
                    rows.getInt(2),
                    rows.getLong(3),
                    rows.getString(4),
                    rows.getString(5),
                    time(rows, 6))),
        all(
            connection,
            """
            select job_id, number, outcome, message, finished_at, lease_until
            from attempt_result order by job_id, number
            """,
            rows ->
                new Rows.Result(
                    rows.getString(1),
                    rows.getInt(2),
                    rows.getString(3),
                    text(rows, 4),
                    time(rows, 5),
                    timeOrNull(rows, 6))),
        all(
            connection,
            """
            select job_id, generation, reason, slot_id, shared, happened_at
            from requeue order by happened_at, job_id
            """,
            rows ->
                new Rows.Requeue(
                    rows.getString(1),
                    rows.getLong(2),
                    rows.getString(3),
                    rows.getString(4),
                    rows.getBoolean(5),
                    time(rows, 6))));
  }

  private static <T> List<T> all(Connection connection, String sql, Reading<T> reading)
      throws SQLException {
    List<T> all = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        all.add(reading.row(rows));
      }
    }
    return all;
  }

  private static String text(ResultSet rows, int column) throws SQLException {
    String text = rows.getString(column);
    return text == null ? "" : text;
  }

  private static Instant time(ResultSet rows, int column) throws SQLException {
    Instant time = timeOrNull(rows, column);
    if (time == null) {
      throw new SQLException("column " + column + " is empty");
    }
    return time;
  }

  /** Columns are UTC without saying so. */
  private static @Nullable Instant timeOrNull(ResultSet rows, int column) throws SQLException {
    LocalDateTime time = rows.getObject(column, LocalDateTime.class);
    return time == null ? null : time.toInstant(ZoneOffset.UTC);
  }
}
