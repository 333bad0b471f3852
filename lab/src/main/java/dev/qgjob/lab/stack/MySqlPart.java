package dev.qgjob.lab.stack;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;

/**
 * A MySQL of this run's own ({@code tools/mysql}), with a fresh database in it. It may be killed
 * and started again with the same data. Closing it ends it and deletes the data. Not thread-safe.
 */
public final class MySqlPart implements AutoCloseable {
  private final Tool tool;
  private final String database =
      "qgjob_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);

  private MySqlPart(Tool tool) {
    this.tool = tool;
  }

  /**
   * Starts one on a free port.
   *
   * @param durable every commit is on disk, as fault tests want; otherwise durability is traded for
   *     speed
   */
  public static MySqlPart start(Distribution distribution, boolean durable) {
    Tool tool =
        new Tool(
            distribution.root().resolve("tools/mysql"),
            Map.of("QGJOB_MYSQL_DURABLE", Boolean.toString(durable)));
    MySqlPart part = new MySqlPart(tool);
    try {
      part.make();
      return part;
    } catch (SQLException e) {
      tool.close();
      throw new IllegalStateException("no database could be made: " + e.getMessage(), e);
    }
  }

  private void make() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url("") + "&user=" + user());
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + database + " character set utf8mb4");
    }
  }

  /** What a server is given: without the user. */
  public String url() {
    return url(database);
  }

  private String url(String name) {
    return "jdbc:mysql://127.0.0.1:"
        + tool.port()
        + "/"
        + name
        + "?sslMode=DISABLED&allowPublicKeyRetrieval=true";
  }

  /** Has no password. */
  public String user() {
    return "root";
  }

  /** Port on loopback. */
  public int port() {
    return tool.port();
  }

  /** A connection of the caller's own to this run's database, in UTC. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(
        url()
            + "&connectionTimeZone=UTC&forceConnectionTimeZoneToSession=true"
            + "&connectTimeout=5000&user="
            + user());
  }

  /** SIGKILL; returns when the process is gone. */
  public void kill() {
    tool.kill();
  }

  /** Stops it in good order. */
  public void stop() {
    tool.stop();
  }

  /** Starts it again on the same port, with the data that is there; returns when it is ready. */
  public void restart() {
    tool.start();
  }

  @Override
  public void close() {
    tool.close();
  }
}
