package dev.qgjob.worker.link;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.activemq.artemis.api.jms.ActiveMQJMSConstants;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection with its consumers, from its making to its end. Each consumer has a session of its
 * own and acknowledges message by message, so that what one slot does never acknowledges, or holds
 * up, what another slot got. Made and changed by one thread; {@link #failed} and {@link #mute} by
 * any.
 */
final class Consumers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Consumers.class);

  private final ActiveMQConnectionFactory factory;
  private final Connection connection;
  private final Receiver receiver;
  private final Map<String, Session> slots = new HashMap<>();
  private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
  private volatile boolean mute;

  Consumers(
      ActiveMQConnectionFactory factory,
      String user,
      String password,
      Receiver receiver,
      Runnable onFailure)
      throws JMSException {
    this.factory = factory;
    this.receiver = receiver;
    try {
      this.connection = factory.createConnection(user, password);
    } catch (JMSException | RuntimeException e) {
      factory.close();
      throw e;
    }
    connection.setExceptionListener(e -> fail(String.valueOf(e.getMessage()), onFailure));
  }

  private void fail(String reason, Runnable onFailure) {
    if (failure.compareAndSet(null, reason)) {
      onFailure.run();
    }
  }

  boolean failed() {
    return failure.get() != null;
  }

  String failure() {
    return String.valueOf(failure.get());
  }

  void start(String ownQueue) throws JMSException {
    consume(ownQueue, false, receiver::handedOff);
    connection.start();
  }

  /** Attaches the slot unless it is. */
  void attach(String slotId, String queue) throws JMSException {
    if (!slots.containsKey(slotId)) {
      slots.put(slotId, consume(queue, true, delivery -> receiver.job(slotId, delivery)));
    }
  }

  /** Detaches all slots but these; what they had not acknowledged goes back to the queue. */
  void keepOnly(Set<String> wanted) throws JMSException {
    for (Iterator<Map.Entry<String, Session>> it = slots.entrySet().iterator(); it.hasNext(); ) {
      Map.Entry<String, Session> slot = it.next();
      if (!wanted.contains(slot.getKey())) {
        it.remove();
        slot.getValue().close();
        receiver.forgotten(slot.getKey());
      }
    }
  }

  private Session consume(String queue, boolean shared, Consumer<Delivery> jobs)
      throws JMSException {
    Session session = connection.createSession(false, ActiveMQJMSConstants.INDIVIDUAL_ACKNOWLEDGE);
    session
        .createConsumer(session.createQueue(queue))
        .setMessageListener(message -> take(session, queue, message, shared, jobs));
    return session;
  }

  private void take(
      Session session, String queue, Message message, boolean shared, Consumer<Delivery> jobs) {
    if (mute) {
      return;
    }
    Incoming incoming = Incoming.read(message);
    if (incoming instanceof Incoming.Job job) {
      jobs.accept(new Delivery(job.message(), shared, () -> acknowledge(session, message)));
    } else if (incoming instanceof Incoming.Control control) {
      acknowledge(session, message);
      receiver.control(control.message());
    } else if (incoming instanceof Incoming.Malformed malformed) {
      receiver.malformed(
          new Unreadable(
              queue,
              malformed.reason(),
              malformed.excerpt(),
              () -> acknowledge(session, message),
              () -> !mute && !failed()));
    }
  }

  /** A session is for one thread at a time, and the receipts come from the slots' threads. */
  private void acknowledge(Session session, Message message) {
    synchronized (session) {
      try {
        message.acknowledge();
      } catch (JMSException | RuntimeException e) {
        log.debug("a receipt did not reach the broker: {}", e.getMessage());
      }
    }
  }

  /** Nothing is handed to the receiver after this, but for what is being handed over now. */
  void mute() {
    mute = true;
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (JMSException | RuntimeException e) {
      log.debug("closing a broken connection: {}", e.getMessage());
    }
    factory.close();
  }
}
