package dev.qgjob.scheduler.testing;

import com.mysql.cj.jdbc.MysqlDataSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * A real MySQL for the tests: by URL from the system property or environment variable {@code
 * QGJOB_TEST_MYSQL_URL}, else started by {@code tools/mysql}. A database of its own is made there
 * and dropped at the end.
 */
final class MySql {
  private static final String URL = "QGJOB_TEST_MYSQL_URL";
  private static final String SESSION =
      "connectionTimeZone=UTC&forceConnectionTimeZoneToSession=true&sslMode=DISABLED"
          + "&allowPublicKeyRetrieval=true&cachePrepStmts=true&rewriteBatchedStatements=true";

  private static @Nullable TestDatabase database;
  private static @Nullable String whyNot;
  private static @Nullable RuntimeException broken;

  private MySql() {}

  static synchronized TestDatabase database() {
    if (database == null && whyNot == null && broken == null) {
      try {
        database = make(url());
      } catch (IOException | SQLException e) {
        whyNot = String.valueOf(e.getMessage());
        banner(whyNot);
      } catch (RuntimeException e) {
        broken = e; // else every test would start a server anew
      }
    }
    if (broken != null) {
      throw new AssertionError("MySQL is there and does not do", broken);
    }
    if (database == null) {
      String problem = "no MySQL: " + whyNot;
      if (Boolean.parseBoolean(System.getenv("CI"))) {
        throw new AssertionError(problem);
      }
      throw new TestAbortedException(problem);
    }
    return database;
  }

  private static void banner(String problem) {
    String line = "*".repeat(100);
    System.err.printf(
        "%n%s%n*** NOT TESTED ON MYSQL: %s%n*** Give a URL in %s, or see what `tools/mysql start`"
            + " says. In CI this is a failure.%n%s%n%n",
        line, problem, URL, line);
  }

  private static String url() throws IOException {
    Optional<String> given = given();
    return given.isPresent() ? given.get() : started();
  }

  private static Optional<String> given() {
    return Optional.ofNullable(System.getProperty(URL))
        .or(() -> Optional.ofNullable(System.getenv(URL)));
  }

  /** Starts a server with the project's script; it goes, with its data, when the tests end. */
  private static String started() throws IOException {
    Path script = script();
    Process start = new ProcessBuilder(script.toString(), "start").start();
    String out = new String(start.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    String said = new String(start.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (!start.waitFor(1, TimeUnit.MINUTES) || start.exitValue() != 0) {
        throw new IOException(said.isEmpty() ? script + " failed" : said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while MySQL started", e);
    }
    String port = out.replaceFirst(".*//[^:/]+:(\\d+)/.*", "$1");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> wipe(script, port)));
    return out;
  }

  private static void wipe(Path script, String port) {
    try {
      new ProcessBuilder(script.toString(), "wipe", port)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(30, TimeUnit.SECONDS);
    } catch (IOException | InterruptedException e) {
      System.err.println("could not end MySQL on port " + port + ": " + e.getMessage());
    }
  }

  private static Path script() throws IOException {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path script = at.resolve("tools/mysql");
      if (Files.isExecutable(script)) {
        return script;
      }
    }
    throw new IOException("tools/mysql is not above " + Path.of("").toAbsolutePath());
  }

  private static TestDatabase make(String url) throws SQLException {
    int query = url.indexOf('?');
    String base = query < 0 ? url : url.substring(0, query);
    String own = query < 0 ? "" : url.substring(query + 1) + "&";
    String server = base.substring(0, base.indexOf('/', "jdbc:mysql://".length()) + 1);
    String name =
        "qgjob_test_" + UUID.randomUUID().toString().substring(0, 8).toLowerCase(Locale.ROOT);
    run(server + "?" + own + SESSION, "create database " + name + " character set utf8mb4");
    if (given().isPresent()) {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> drop(server + "?" + own + SESSION, name)));
    }
    String full = server + name + "?" + own + SESSION;
    MysqlDataSource source = new MysqlDataSource();
    source.setURL(full);
    return new TestDatabase(source, full, userOf(own));
  }

  private static String userOf(String parameters) {
    for (String parameter : parameters.split("&")) {
      if (parameter.startsWith("user=")) {
        return parameter.substring("user=".length());
      }
    }
    return "root";
  }

  private static void run(String url, String sql) throws SQLException {
    MysqlDataSource source = new MysqlDataSource();
    source.setURL(url);
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void drop(String url, String name) {
    try {
      run(url, "drop database " + name);
    } catch (SQLException e) {
      System.err.println("could not drop database " + name + ": " + e.getMessage());
    }
  }
}
