package dev.qgjob.scheduler.broker;

import dev.qgjob.domain.placement.Bus;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.Topic;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.activemq.artemis.jms.client.ActiveMQDestination;
import org.jspecify.annotations.Nullable;

/**
 * The topic over connections of its own, one to send and one to listen, so that nobody who
 * publishes jobs waits for it. A plain consumer and no message-driven bean: it is the same for both
 * brokers, and it says when it lost its own.
 */
public final class JmsEventTopic implements EventTopic, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(JmsEventTopic.class.getName());

  private final ConnectionFactory factory;
  private final @Nullable BrokerLogin login;
  private @Nullable Sender sender;

  public JmsEventTopic(ConnectionFactory factory, @Nullable BrokerLogin login) {
    this.factory = factory;
    this.login = login;
  }

  private record Sender(Connection connection, Session session, MessageProducer producer) {}

  @Override
  public synchronized void publish(String body) {
    try {
      if (sender == null) {
        sender = dial();
      }
      sender.producer.send(sender.session.createTextMessage(body));
    } catch (JMSException | RuntimeException e) {
      close();
      throw new Bus.Unavailable("could not tell the topic of events: " + e.getMessage(), e);
    }
  }

  private Sender dial() throws JMSException {
    Connection connection = connect();
    try {
      Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
      MessageProducer producer = session.createProducer(topic());
      producer.setDeliveryMode(DeliveryMode.NON_PERSISTENT);
      producer.setDisableMessageID(true);
      return new Sender(connection, session, producer);
    } catch (JMSException | RuntimeException e) {
      hangUp(connection);
      throw e;
    }
  }

  @Override
  public Listening listen(Consumer<String> bodies, Runnable lost) {
    try {
      Connection connection = connect();
      try {
        AtomicBoolean over = new AtomicBoolean();
        connection.setExceptionListener(
            e -> {
              if (over.compareAndSet(false, true)) {
                lost.run();
              }
            });
        connection
            .createSession(false, Session.AUTO_ACKNOWLEDGE)
            .createConsumer(topic())
            .setMessageListener(
                message -> {
                  try {
                    if (message instanceof TextMessage text && text.getText() != null) {
                      bodies.accept(text.getText());
                    }
                  } catch (JMSException | RuntimeException e) {
                    LOG.log(System.Logger.Level.WARNING, "an event cannot be read: " + e);
                  }
                });
        connection.start();
        return () -> {
          over.set(true);
          hangUp(connection);
        };
      } catch (JMSException | RuntimeException e) {
        hangUp(connection);
        throw e;
      }
    } catch (JMSException | RuntimeException e) {
      throw new Bus.Unavailable("could not listen to the topic of events: " + e.getMessage(), e);
    }
  }

  private Connection connect() throws JMSException {
    return login == null
        ? factory.createConnection()
        : factory.createConnection(login.user(), login.password());
  }

  private static Topic topic() {
    return ActiveMQDestination.createTopic(Queues.EVENTS);
  }

  @Override
  public synchronized void close() {
    if (sender != null) {
      hangUp(sender.connection);
      sender = null;
    }
  }

  private static void hangUp(Connection connection) {
    try {
      connection.close();
    } catch (JMSException e) {
      // it broke, or the broker went first: nothing is lost with it
    }
  }
}
