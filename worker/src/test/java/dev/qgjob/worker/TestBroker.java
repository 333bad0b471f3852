package dev.qgjob.worker;

import dev.qgjob.client.Json;
import dev.qgjob.protocol.message.ControlMessage;
import dev.qgjob.protocol.message.Headers;
import dev.qgjob.protocol.message.JobMessage;
import jakarta.jms.JMSContext;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.function.Function;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** A real broker in this JVM, with its journal in a folder, so that it can be restarted. */
public final class TestBroker implements AutoCloseable {
  private final Path folder;
  private final int port;
  private EmbeddedActiveMQ broker;

  public TestBroker(Path folder) throws Exception {
    this.folder = folder;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = socket.getLocalPort();
    }
    start();
  }

  public void start() throws Exception {
    Configuration configuration =
        new ConfigurationImpl()
            .setPersistenceEnabled(true)
            .setJournalType(JournalType.NIO)
            .setJournalDirectory(folder.resolve("journal").toString())
            .setBindingsDirectory(folder.resolve("bindings").toString())
            .setPagingDirectory(folder.resolve("paging").toString())
            .setLargeMessagesDirectory(folder.resolve("large").toString())
            .setSecurityEnabled(false)
            .setJMXManagementEnabled(false)
            .setJournalBufferTimeout_NIO(200_000)
            .addAcceptorConfiguration("tcp", url());
    configuration.addAddressSetting(
        "#",
        new AddressSettings()
            .setMaxDeliveryAttempts(-1)
            .setRedeliveryDelay(0)
            .setAutoCreateQueues(false)
            .setAutoCreateAddresses(false)
            .setAutoDeleteQueues(false)
            .setAutoDeleteAddresses(false));
    for (String queue : new String[] {"jobs.emulator", "jobs.device", "worker.w1"}) {
      configuration.addQueueConfiguration(queue(queue));
    }
    broker = new EmbeddedActiveMQ();
    broker.setConfiguration(configuration);
    broker.start();
  }

  private static QueueConfiguration queue(String name) {
    return QueueConfiguration.of(name)
        .setAddress(name)
        .setRoutingType(RoutingType.ANYCAST)
        .setDurable(true);
  }

  public void drop(String queue) throws Exception {
    broker.getActiveMQServer().destroyQueue(SimpleString.of(queue));
  }

  public void make(String queue) {
    try {
      broker.getActiveMQServer().createQueue(queue(queue));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  public void stop() throws Exception {
    broker.stop();
  }

  public String url() {
    return "tcp://127.0.0.1:" + port;
  }

  public void send(String queue, String group, JobMessage... messages) throws Exception {
    for (JobMessage message : messages) {
      send(queue, group, Headers.JOB, Json.mapper().writeValueAsString(message));
    }
  }

  public void send(String queue, ControlMessage message) throws Exception {
    send(queue, null, Headers.CONTROL, Json.mapper().writeValueAsString(message));
  }

  public void send(String queue, String group, String type, String text) throws Exception {
    try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url());
        JMSContext context = factory.createContext()) {
      TextMessage message = context.createTextMessage(text);
      message.setStringProperty(Headers.TYPE, type);
      if (group != null) {
        message.setStringProperty("JMSXGroupID", group);
      }
      context.createProducer().send(context.createQueue(queue), message);
    }
  }

  /** Any message at all. */
  public void send(String queue, Function<JMSContext, Message> made) throws Exception {
    try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(url());
        JMSContext context = factory.createContext()) {
      context.createProducer().send(context.createQueue(queue), made.apply(context));
    }
  }

  /** Messages that are queued or delivered and not acknowledged. */
  public long messages(String queue) {
    Queue found = broker.getActiveMQServer().locateQueue(queue);
    return found == null ? -1 : found.getMessageCount();
  }

  public int consumers(String queue) {
    Queue found = broker.getActiveMQServer().locateQueue(queue);
    return found == null ? -1 : found.getConsumerCount();
  }

  @Override
  public void close() throws Exception {
    broker.stop();
  }
}
