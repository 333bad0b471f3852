package dev.qgjob.lab.stack;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How a server is started: what a person would put into its environment and on its command line.
 *
 * @param environment of the server's process
 * @param httpPort 0 for a free one, which a restart keeps
 * @param brokerPort of the embedded broker; 0 for a free one, which a restart keeps
 */
public record ServerOptions(Map<String, String> environment, int httpPort, int brokerPort) {
  /** H2 and the embedded broker, on free ports. */
  public static final ServerOptions EMBEDDED = new ServerOptions(Map.of(), 0, 0);

  public ServerOptions {
    environment = Map.copyOf(environment);
  }

  /** The same with variables of the environment added. */
  public ServerOptions with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(more);
    return new ServerOptions(all, httpPort, brokerPort);
  }

  /** On this database. */
  public ServerOptions on(MySqlPart database) {
    return on(database.url(), database.user());
  }

  /** On a MySQL, or on what stands in front of it, as a user without a password. */
  public ServerOptions on(String jdbcUrl, String user) {
    return with(Map.of("QGJOB_JDBC_URL", jdbcUrl, "QGJOB_JDBC_USER", user));
  }

  /** With this broker instead of the embedded one. */
  public ServerOptions with(BrokerPart broker) {
    return with(
        Map.of(
            "QGJOB_BROKER_URL", broker.url(),
            "QGJOB_BROKER_USER", broker.serverUser(),
            "QGJOB_BROKER_PASSWORD", broker.serverUser(),
            "QGJOB_WORKER_BROKER_USER", broker.workerUser(),
            "QGJOB_WORKER_BROKER_PASSWORD", broker.workerUser()));
  }

  /** Tells workers this address of the broker, such as that of a proxy in front of it. */
  public ServerOptions tellingWorkers(String brokerUrl) {
    return with(Map.of("QGJOB_PUBLIC_BROKER_URL", brokerUrl));
  }

  /** With leases of this length. */
  public ServerOptions lease(Duration lease) {
    return with(Map.of("QGJOB_LEASE", lease.toMillis() + "ms"));
  }

  /** On this port. */
  public ServerOptions http(int port) {
    return new ServerOptions(environment, port, brokerPort);
  }
}
