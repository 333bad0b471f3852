package dev.qgjob.scheduler.testing;

import java.nio.file.Path;
import java.util.Set;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.FileDeploymentManager;
import org.apache.activemq.artemis.core.config.impl.FileConfiguration;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;

/**
 * An Artemis in a process of its own, as {@code docker/artemis/broker.xml} describes it, for tests
 * that start, kill and wipe one; {@code tools/broker} starts it. Only port, folder and users are
 * not the file's.
 *
 * <p>Arguments: the file, the port on loopback, the folder of the data. Its users are {@code
 * server} and {@code worker}, each with its name for a password.
 */
public final class BrokerMain {
  private BrokerMain() {}

  /** Starts it and returns; it runs until the process ends. */
  public static void main(String[] arguments) throws Exception {
    Path described = Path.of(arguments[0]).toAbsolutePath().normalize();
    int port = Integer.parseInt(arguments[1]);
    Path data = Path.of(arguments[2]).toAbsolutePath();

    EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
    broker.setConfiguration(configuration(described, port, data));
    broker.setSecurityManager(
        new ActiveMQJAASSecurityManager(
            InVMLoginModule.class.getName(), users("server", "worker")));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(broker)));
    broker.start();
    if (!broker.getActiveMQServer().getRemotingService().getAcceptor("core").isStarted()) {
      System.err.println("port " + port + " cannot be bound");
      System.exit(1);
    }
    System.out.println("ready on port " + port);
  }

  private static FileConfiguration configuration(Path described, int port, Path data)
      throws Exception {
    FileConfiguration configuration = new FileConfiguration();
    FileDeploymentManager files = new FileDeploymentManager(described.toUri().toString());
    files.addDeployable(configuration);
    files.readConfiguration();
    Set<TransportConfiguration> acceptors = configuration.getAcceptorConfigurations();
    TransportConfiguration core = acceptors.iterator().next();
    core.getParams().put(TransportConstants.HOST_PROP_NAME, "127.0.0.1");
    core.getParams().put(TransportConstants.PORT_PROP_NAME, port);
    configuration
        // a file that is edited meanwhile would be read again, with its own port
        .setConfigurationFileRefreshPeriod(-1)
        .setAcceptorConfigurations(
            Set.of(
                new TransportConfiguration(
                    NettyAcceptorFactory.class.getName(),
                    core.getParams(),
                    "core",
                    core.getExtraParams())))
        .setJournalDirectory(data.resolve("journal").toString())
        .setBindingsDirectory(data.resolve("bindings").toString())
        .setPagingDirectory(data.resolve("paging").toString())
        .setLargeMessagesDirectory(data.resolve("large-messages").toString());
    return configuration;
  }

  private static SecurityConfiguration users(String... names) {
    SecurityConfiguration users = new SecurityConfiguration();
    for (String name : names) {
      users.addUser(name, name);
      users.addRole(name, name);
    }
    return users;
  }

  private static void stop(EmbeddedActiveMQ broker) {
    try {
      broker.stop();
    } catch (Exception e) {
      System.err.println("while stopping: " + e);
    }
  }
}
