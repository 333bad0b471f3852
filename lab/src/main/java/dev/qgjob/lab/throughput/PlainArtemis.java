package dev.qgjob.lab.throughput;

import dev.qgjob.lab.stack.FreePort;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSProducer;
import jakarta.jms.Queue;
import java.nio.file.Path;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/**
 * Durable sends over TCP to a broker in this process with the server's own journal settings: what a
 * broker alone can do. One message a send, or a transaction of many.
 */
final class PlainArtemis implements Contender {
  private static final String QUEUE = "work";

  private final EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
  private final ActiveMQConnectionFactory factory;

  PlainArtemis(Path folder) throws Exception {
    String url = "tcp://127.0.0.1:" + FreePort.next();
    Configuration configuration =
        new ConfigurationImpl()
            .setPersistenceEnabled(true)
            .setJournalType(JournalType.NIO)
            .setJournalBufferTimeout_NIO(200_000)
            .setJournalDirectory(folder.resolve("journal").toString())
            .setBindingsDirectory(folder.resolve("bindings").toString())
            .setPagingDirectory(folder.resolve("paging").toString())
            .setLargeMessagesDirectory(folder.resolve("large").toString())
            .setSecurityEnabled(false)
            .setJMXManagementEnabled(false)
            .addAcceptorConfiguration("tcp", url)
            .addQueueConfiguration(
                QueueConfiguration.of(QUEUE)
                    .setAddress(QUEUE)
                    .setRoutingType(RoutingType.ANYCAST)
                    .setDurable(true));
    broker.setConfiguration(configuration);
    broker.start();
    factory = new ActiveMQConnectionFactory(url);
  }

  @Override
  public String name() {
    return "plain Artemis send";
  }

  @Override
  public Enqueuer enqueuer() {
    JMSContext single = factory.createContext();
    JMSContext bulk = factory.createContext(JMSContext.SESSION_TRANSACTED);
    Queue queue = single.createQueue(QUEUE);
    JMSProducer one = single.createProducer();
    JMSProducer many = bulk.createProducer();
    return new Enqueuer() {
      @Override
      public void one() throws Exception {
        one.send(queue, message(single));
      }

      @Override
      public void many(int jobs) throws Exception {
        for (int i = 0; i < jobs; i++) {
          many.send(queue, message(bulk));
        }
        bulk.commit();
      }
    };
  }

  private static BytesMessage message(JMSContext context) throws Exception {
    BytesMessage message = context.createBytesMessage();
    message.writeBytes(new byte[100]);
    return message;
  }

  @Override
  public void empty() {
    try {
      broker.getActiveMQServer().locateQueue(QUEUE).deleteAllReferences();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    factory.close();
    try {
      broker.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
