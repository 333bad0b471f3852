package dev.qgjob.lab.faults.site;

import dev.qgjob.client.ApiClient;
import dev.qgjob.lab.stack.BrokerPart;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.stack.FreePort;
import dev.qgjob.lab.stack.MySqlPart;
import dev.qgjob.lab.stack.ServerOptions;
import dev.qgjob.lab.stack.ServerPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Database, broker and servers. What is done to one of them is done by one thread at a time; the
 * addresses may be asked for by any.
 */
public final class Site implements AutoCloseable {
  /** What workers take for the broker's host; each finds its own link under it. */
  public static final String BROKER_HOST = "broker.qgjob.test";

  private final Choice choice;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final @Nullable MySqlPart database;
  private final @Nullable BrokerPart broker;
  private final List<ServerPart> servers = new CopyOnWriteArrayList<>();
  private final List<ServerPart> up = new CopyOnWriteArrayList<>();
  private final int brokerPort;

  /**
   * Starts all of it.
   *
   * @param linkPort where workers find the broker, under {@link #BROKER_HOST}
   * @param serverEnvironment added to the servers' environment
   */
  public Site(
      Distribution distribution,
      Path folder,
      Choice choice,
      int linkPort,
      Map<String, String> serverEnvironment) {
    this.choice = choice;
    try {
      database =
          choice.database() == Choice.Database.MYSQL
              ? opened(MySqlPart.start(distribution, true))
              : null;
      broker =
          choice.broker() == Choice.Broker.EXTERNAL ? opened(BrokerPart.start(distribution)) : null;
      brokerPort = broker == null ? FreePort.next() : broker.port();
      ServerOptions options =
          new ServerOptions(serverEnvironment, 0, broker == null ? brokerPort : 0)
              .with(Map.of("QGJOB_BLOBS", folder.resolve("blobs").toString()))
              .lease(choice.lease())
              .tellingWorkers("tcp://" + BROKER_HOST + ":" + linkPort);
      if (database != null) {
        options = options.on(database);
      }
      if (broker != null) {
        options = options.with(broker);
      }
      for (int i = 1; i <= choice.servers(); i++) {
        ServerPart server =
            opened(
                ServerPart.start(
                    distribution,
                    folder.resolve("server-" + i),
                    folder.resolve("server-" + i + ".log"),
                    options));
        servers.add(server);
        up.add(server);
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    opened.push(part);
    return part;
  }

  /** A client with the installation's admin token, of the first server. */
  public ApiClient admin() {
    return servers.get(0).client(servers.get(0).bootstrapToken());
  }

  /** How many servers there are. */
  public int servers() {
    return servers.size();
  }

  /**
   * The servers' addresses, those that are known to be up first.
   *
   * @param first which of them to prefer, so that not all prefer the same
   */
  public List<InetSocketAddress> apis(int first) {
    List<ServerPart> all = new ArrayList<>(servers);
    java.util.Collections.rotate(all, first);
    all.sort(Comparator.comparing(server -> !up.contains(server)));
    return all.stream().map(server -> loopback(server.url().getPort())).toList();
  }

  /** The broker's address. */
  public List<InetSocketAddress> broker() {
    return List.of(loopback(brokerPort));
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** SIGKILL to one server. */
  public void killServer(int index) {
    ServerPart server = servers.get(index);
    up.remove(server);
    server.kill();
  }

  /** Starts it again; returns when it is ready. */
  public void restartServer(int index) {
    ServerPart server = servers.get(index);
    server.restart();
    up.add(server);
  }

  /** SIGKILL to the database. */
  public void killDatabase() {
    mysql().kill();
  }

  /** Starts it again with its data; returns when every server is ready again. */
  public void restartDatabase() {
    mysql().restart();
    awaitReady();
  }

  private MySqlPart mysql() {
    if (database == null) {
      throw new IllegalStateException("the database is part of the server");
    }
    return database;
  }

  /** SIGKILL to the broker of one's own. */
  public void killBroker() {
    own().kill();
  }

  /** Starts it again with its data; returns when every server is ready again. */
  public void restartBroker() {
    own().restart();
    awaitReady();
  }

  private BrokerPart own() {
    if (broker == null) {
      throw new IllegalStateException("the broker is part of the server");
    }
    return broker;
  }

  /** Ends what holds the broker's data by force, and deletes the data. */
  public void wipeBroker() {
    if (broker != null) {
      broker.wipe();
      return;
    }
    killServer(0);
    delete(servers.get(0).home().resolve("data/activemq"));
  }

  /** Starts what {@link #wipeBroker} ended. */
  public void restartWiped() {
    if (broker != null) {
      restartBroker();
    } else {
      restartServer(0);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitReady() {
    up.forEach(ServerPart::awaitReady);
  }

  /** Ends the servers in good order, so that nothing changes any more. */
  public void stopServers() {
    up.clear();
    servers.forEach(ServerPart::close);
  }

  /** The database as it is; of H2 only while no server runs. In UTC. */
  public Connection connect() throws SQLException {
    if (database != null) {
      return database.connect();
    }
    return DriverManager.getConnection(
        "jdbc:h2:file:"
            + servers.get(0).home().resolve("data/qgjob")
            + ";MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE;TIME ZONE=UTC"
            + ";IFEXISTS=TRUE",
        "sa",
        "sa");
  }

  /** What it runs on. */
  public Choice choice() {
    return choice;
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      AutoCloseable part = opened.pop();
      try {
        part.close();
      } catch (Exception e) {
        System.err.println("while ending " + part.getClass().getSimpleName() + ": " + e);
      }
    }
  }
}
