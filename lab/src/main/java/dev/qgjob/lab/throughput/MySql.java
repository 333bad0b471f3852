package dev.qgjob.lab.throughput;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.qgjob.lab.stack.Command;
import dev.qgjob.lab.stack.Distribution;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A MySQL of the bench's own, with a database for each contender. */
final class MySql implements AutoCloseable {
  /** The same for all: no TLS on loopback, statements prepared once, batches as one statement. */
  private static final String OPTIONS =
      "sslMode=DISABLED&allowPublicKeyRetrieval=true&useServerPrepStmts=true&cachePrepStmts=true"
          + "&prepStmtCacheSize=250&prepStmtCacheSqlLimit=4096&rewriteBatchedStatements=true"
          + "&connectionTimeZone=UTC&forceConnectionTimeZoneToSession=true";

  /** As many as the server's own pool has at most. */
  static final int POOL = 32;

  private final Distribution distribution;
  private final String port;
  private final String address;

  private MySql(Distribution distribution, String url) {
    this.distribution = distribution;
    this.address = url.substring(0, url.indexOf('/', "jdbc:mysql://".length()) + 1);
    this.port = address.replaceAll(".*:([0-9]+)/", "$1");
  }

  /**
   * @param durable false: commits do not wait for the disk
   */
  static MySql start(Distribution distribution, boolean durable) throws SQLException {
    String url =
        tool(distribution, Map.of("QGJOB_MYSQL_DURABLE", Boolean.toString(durable)), "start");
    MySql mysql = new MySql(distribution, url.strip());
    // a pool for each contender, one for the server and one to look on
    mysql.execute("set global max_connections = 500");
    return mysql;
  }

  private static String tool(
      Distribution distribution, Map<String, String> environment, String... arguments) {
    List<String> command =
        new java.util.ArrayList<>(List.of(distribution.root().resolve("tools/mysql").toString()));
    command.addAll(List.of(arguments));
    return Command.run(distribution.root(), environment, command, 300).expectSuccess();
  }

  /** Makes an empty database and returns its address. */
  String database(String name) throws SQLException {
    execute("drop database if exists " + name);
    execute("create database " + name + " character set utf8mb4 collate utf8mb4_0900_bin");
    return address + name + "?user=root&" + OPTIONS;
  }

  /** A pool as each contender gets one. */
  static HikariDataSource pool(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(POOL);
    config.setMinimumIdle(POOL);
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    return new HikariDataSource(config);
  }

  /** What decides how long a commit takes. */
  Map<String, String> settings() throws SQLException {
    Map<String, String> settings = new TreeMap<>();
    try (Connection connection = DriverManager.getConnection(address + "?user=root&" + OPTIONS);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                show variables where variable_name in ('version', 'innodb_flush_log_at_trx_commit',
                  'sync_binlog', 'log_bin', 'innodb_doublewrite', 'innodb_buffer_pool_size',
                  'transaction_isolation')
                """)) {
      while (rows.next()) {
        settings.put("mysql " + rows.getString(1), rows.getString(2));
      }
    }
    return settings;
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(address + "?user=root&" + OPTIONS);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    tool(distribution, Map.of(), "wipe", port);
  }
}
