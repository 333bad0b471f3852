package dev.qgjob.scheduler.broker;

import dev.qgjob.domain.placement.Bus;
import dev.qgjob.protocol.message.Headers;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.util.List;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.client.ClientSession;
import org.apache.activemq.artemis.jms.client.ActiveMQDestination;
import org.apache.activemq.artemis.jms.client.ActiveMQSession;
import org.jspecify.annotations.Nullable;

/**
 * The broker, over one connection that is kept. A batch is one transaction of the broker's own, on
 * one session and one producer; after any failure the connection is thrown away, and the next call
 * builds a new one. Thread-safe: calls follow one another.
 */
public final class JmsBus implements Bus, WorkerQueues, BrokerCheck, AutoCloseable {

  private static final String GROUP = "JMSXGroupID";

  private final ConnectionFactory factory;
  private final @Nullable BrokerLogin login;
  private @Nullable Line line;

  /** Connects at the first call, as {@code login} or, for a broker in this JVM, as nobody. */
  public JmsBus(ConnectionFactory factory, @Nullable BrokerLogin login) {
    this.factory = factory;
    this.login = login;
  }

  @Override
  public void send(List<Dispatch> batch) {
    if (!batch.isEmpty()) {
      transmit(batch.stream().map(Envelopes::of).toList());
    }
  }

  /** Sends all in one transaction, or throws {@link Bus.Unavailable} and maybe sent all. */
  void transmit(List<Outgoing> batch) {
    attempt(
        "send " + batch.size() + " messages to",
        open -> {
          for (Outgoing outgoing : batch) {
            open.producer.send(
                queue(outgoing.queue()),
                message(open.session, outgoing),
                DeliveryMode.PERSISTENT,
                outgoing.priority(),
                outgoing.timeToLive() == null ? 0 : outgoing.timeToLive().toMillis());
          }
          open.session.commit();
        });
  }

  /** A queue that is there is left as it is. */
  @Override
  public void open(String workerId) {
    var name = SimpleString.of(Queues.ofWorker(workerId));
    attempt(
        "make the queue " + name + " at",
        open -> {
          if (!open.core().queueQuery(name).isExists()) {
            open.core()
                .createQueue(
                    QueueConfiguration.of(name)
                        .setRoutingType(RoutingType.ANYCAST)
                        .setDurable(true)
                        .setAutoCreated(false));
          }
        });
  }

  @Override
  public void close(String workerId) {
    var name = SimpleString.of(Queues.ofWorker(workerId));
    attempt(
        "remove the queue " + name + " from",
        open -> {
          if (open.core().queueQuery(name).isExists()) {
            open.core().deleteQueue(name);
          }
        });
  }

  /** On a connection of its own: nobody who sends waits for it. */
  @Override
  public void check() {
    try (Connection connection = connect(factory, login)) {
      connection.start();
    } catch (JMSException | RuntimeException e) {
      throw new Unavailable("could not reach the broker: " + e.getMessage(), e);
    }
  }

  private static Connection connect(ConnectionFactory factory, @Nullable BrokerLogin login)
      throws JMSException {
    return login == null
        ? factory.createConnection()
        : factory.createConnection(login.user(), login.password());
  }

  /** Lets go of the connection; a later call would build another. */
  @Override
  public synchronized void close() {
    if (line != null) {
      line.hangUp();
      line = null;
    }
  }

  /**
   * A connection from before may have ended with its broker, which is there again: then once more,
   * on a new one. What was sent before it broke is sent twice, and the copy dies at its claim.
   */
  private synchronized void attempt(String what, Task task) {
    boolean fromBefore = line != null;
    try {
      on(task);
    } catch (JMSException | ActiveMQException | RuntimeException first) {
      close();
      if (!fromBefore) {
        throw unavailable(what, first);
      }
      try {
        on(task);
      } catch (JMSException | ActiveMQException | RuntimeException second) {
        close();
        throw unavailable(what, second);
      }
    }
  }

  private void on(Task task) throws JMSException, ActiveMQException {
    if (line == null) {
      line = Line.dial(factory, login);
    }
    task.on(line);
  }

  private static Unavailable unavailable(String what, Exception cause) {
    return new Unavailable("could not " + what + " the broker: " + cause.getMessage(), cause);
  }

  /**
   * The address as it is: a session's own createQueue puts another prefix before it, or none, as
   * its factory was made.
   */
  private static Queue queue(String address) {
    return ActiveMQDestination.createQueue(address);
  }

  private static Message message(Session session, Outgoing outgoing) throws JMSException {
    Message message = session.createTextMessage(outgoing.body());
    message.setStringProperty(Headers.TYPE, outgoing.type());
    if (outgoing.group() != null) {
      message.setStringProperty(GROUP, outgoing.group());
    }
    return message;
  }

  private interface Task {
    void on(Line line) throws JMSException, ActiveMQException;
  }

  /** A connection with the one session that uses it. */
  private static final class Line {
    private final Connection connection;
    private final Session session;
    private final MessageProducer producer;

    private Line(Connection connection, Session session, MessageProducer producer) {
      this.connection = connection;
      this.session = session;
      this.producer = producer;
    }

    static Line dial(ConnectionFactory factory, @Nullable BrokerLogin login) throws JMSException {
      Connection connection = connect(factory, login);
      try {
        Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
        MessageProducer producer = session.createProducer(null);
        // nobody reads them, and each would cost an id
        producer.setDisableMessageID(true);
        return new Line(connection, session, producer);
      } catch (JMSException | RuntimeException e) {
        connection.close();
        throw e;
      }
    }

    /** JMS cannot make or remove queues; the session beneath can. */
    ClientSession core() {
      return ((ActiveMQSession) session).getCoreSession();
    }

    void hangUp() {
      try {
        connection.close();
      } catch (JMSException e) {
        // it is thrown away because it broke: that it breaks again while closing says nothing new
      }
    }
  }
}
