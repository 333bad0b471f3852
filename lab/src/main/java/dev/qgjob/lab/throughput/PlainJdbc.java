package dev.qgjob.lab.throughput;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;

/** Rows of a job's size into a table with one key: what the database alone can do. */
final class PlainJdbc implements Contender {
  private static final String INSERT =
      "insert into row_of_work (id, target, test_path, state, created_at) values (?, ?, ?, ?, now(3))";

  private final HikariDataSource source;
  private final AtomicLong ids = new AtomicLong();

  PlainJdbc(String url) {
    source = MySql.pool(url);
    Sql.execute(
        source,
        """
        create table row_of_work (
          id varchar(40) not null primary key,
          target varchar(16) not null,
          test_path varchar(500) not null,
          state varchar(16) not null,
          created_at datetime(3) not null
        )
        """);
  }

  @Override
  public String name() {
    return "plain JDBC insert";
  }

  @Override
  public Enqueuer enqueuer() {
    return new Enqueuer() {
      @Override
      public void one() throws SQLException {
        try (Connection connection = source.getConnection();
            PreparedStatement insert = connection.prepareStatement(INSERT)) {
          fill(insert);
          insert.executeUpdate();
        }
      }

      @Override
      public void many(int jobs) throws SQLException {
        try (Connection connection = source.getConnection();
            PreparedStatement insert = connection.prepareStatement(INSERT)) {
          connection.setAutoCommit(false);
          for (int i = 0; i < jobs; i++) {
            fill(insert);
            insert.addBatch();
          }
          insert.executeBatch();
          connection.commit();
          connection.setAutoCommit(true);
        }
      }
    };
  }

  private void fill(PreparedStatement insert) throws SQLException {
    insert.setString(1, String.format("job_%026d", ids.incrementAndGet()));
    insert.setString(2, "EMULATOR");
    insert.setString(3, "tests/onboarding.spec.js");
    insert.setString(4, "QUEUED");
  }

  @Override
  public void empty() {
    Sql.execute(source, "truncate table row_of_work");
  }

  @Override
  public void close() {
    source.close();
  }
}
