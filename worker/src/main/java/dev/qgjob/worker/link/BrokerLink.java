package dev.qgjob.worker.link;

import dev.qgjob.protocol.fleet.BrokerAccess;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the wanted consumers attached: one per slot on its target's queue, and one on the worker's
 * own queue. One thread makes and breaks the connection; any failure throws all of it away,
 * together with whatever the inboxes got from it, and builds it anew after a pause. The client's
 * own reconnect is off: it would deliver the same messages again into inboxes that still hold them.
 *
 * <p>Thread-safe.
 */
public final class BrokerLink implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BrokerLink.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final BrokerAccess access;
  private final String ownQueue;
  private final Duration lease;
  private final Receiver receiver;
  private final Backoff backoff;
  private final Thread thread = new Thread(this::run, "broker");
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private boolean failing; // of the thread alone

  // guarded by lock
  private Map<String, String> wantedSlots = Map.of();
  private boolean wanted;
  private boolean closed;
  private Map<String, Long> attached = Map.of();
  private long attachments;
  private @Nullable Consumers current;

  /**
   * @param ownQueue the worker's hand-off queue
   * @param lease the longest time for which the broker may believe in a silent worker
   */
  public BrokerLink(
      BrokerAccess access,
      String ownQueue,
      Duration lease,
      Receiver receiver,
      RandomGenerator random) {
    this.access = access;
    this.ownQueue = ownQueue;
    this.lease = lease;
    this.receiver = receiver;
    this.backoff =
        new Backoff(Duration.ofMillis(50), min(lease.dividedBy(4), LONGEST_PAUSE), random);
    this.thread.setDaemon(true);
  }

  /** Begins to carry out what is wanted. */
  public void start() {
    thread.start();
  }

  /**
   * Says what is wanted, and returns at once.
   *
   * @param consuming false: no connection at all, so that messages go to others
   * @param slots slot id to queue name
   */
  public void want(boolean consuming, Map<String, String> slots) {
    lock.lock();
    try {
      wanted = consuming;
      wantedSlots = Map.copyOf(slots);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The number of the slot's present attachment, which rises whenever its consumer is built anew;
   * empty while that or the worker's own is not attached.
   */
  public OptionalLong attachment(String slotId) {
    lock.lock();
    try {
      Long number = attached.get(slotId);
      return number == null ? OptionalLong.empty() : OptionalLong.of(number);
    } finally {
      lock.unlock();
    }
  }

  /** True while there is a connection that is not known to be broken. */
  public boolean connected() {
    lock.lock();
    try {
      return current != null && !current.failed();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (true) {
      Wish wish = awaitWish();
      if (wish == null) {
        tearDown();
        return;
      }
      try {
        carryOut(wish);
        backoff.reset();
        if (failing && wish.consuming()) {
          log.info("attached to the broker again");
          failing = false;
        }
      } catch (JMSException | RuntimeException e) {
        if (!failing) {
          log.warn("the broker at {} cannot be used: {}", access.url(), e.getMessage());
          failing = true;
        }
        tearDown();
        if (e instanceof JMSSecurityException) {
          receiver.refused();
        }
        pause(backoff.next());
      }
    }
  }

  private record Wish(boolean consuming, Map<String, String> slots) {}

  /** Waits until what there is differs from what is wanted; null when closed. */
  private @Nullable Wish awaitWish() {
    lock.lock();
    try {
      while (!closed && settled()) {
        changed.await();
      }
      return closed ? null : new Wish(wanted, wantedSlots);
    } catch (InterruptedException e) {
      return null;
    } finally {
      lock.unlock();
    }
  }

  private boolean settled() {
    Consumers now = current;
    if (now == null) {
      return !wanted;
    }
    return wanted && !now.failed() && attached.keySet().equals(wantedSlots.keySet());
  }

  private void carryOut(Wish wish) throws JMSException {
    Consumers now = current();
    if (now != null && now.failed()) {
      log.warn("lost the broker at {}: {}", access.url(), now.failure());
      failing = true;
      tearDown();
      // everybody lost it at the same moment
      pause(backoff.next());
      now = null;
    }
    if (!wish.consuming()) {
      tearDown();
      return;
    }
    if (now == null) {
      now = connect();
    }
    now.keepOnly(wish.slots().keySet());
    for (Map.Entry<String, String> slot : wish.slots().entrySet()) {
      now.attach(slot.getKey(), slot.getValue());
    }
    settle(now, wish.slots().keySet());
  }

  private Consumers connect() throws JMSException {
    Consumers fresh =
        new Consumers(factory(), access.user(), access.password(), receiver, this::wake);
    try {
      fresh.start(ownQueue);
    } catch (JMSException | RuntimeException e) {
      if (!fresh.failed()) {
        // the broker is there, but the worker's queue is not
        receiver.refused();
      }
      fresh.close();
      throw e;
    }
    lock.lock();
    try {
      current = fresh;
    } finally {
      lock.unlock();
    }
    return fresh;
  }

  private ActiveMQConnectionFactory factory() {
    long leaseMs = lease.toMillis();
    long call = Math.max(1_000, Math.min(leaseMs / 2, 10_000));
    ActiveMQConnectionFactory factory =
        new ActiveMQConnectionFactory(
            access.url()
                + (access.url().contains("?") ? "&" : "?")
                + "connect-timeout-millis="
                + call);
    factory.setReconnectAttempts(0);
    factory.setInitialConnectAttempts(1);
    // Either end finds a silent other one between one and two of these. So a slot that gets no
    // messages says so within half a lease, and a frozen worker loses its pins before its leases.
    long ttl = Math.max(500, Math.min(leaseMs / 4, 30_000));
    factory.setConnectionTTL(ttl);
    factory.setClientFailureCheckPeriod(ttl / 4);
    factory.setCallTimeout(call);
    // the broker's idea of its own address is often one that only its own host can reach
    factory.setUseTopologyForLoadBalancing(false);
    return factory;
  }

  private void settle(Consumers now, Set<String> slots) {
    lock.lock();
    try {
      if (now.failed()) {
        return;
      }
      Map<String, Long> next = new HashMap<>();
      for (String slot : slots) {
        Long before = attached.get(slot);
        next.put(slot, before == null ? ++attachments : before);
      }
      attached = Map.copyOf(next);
    } finally {
      lock.unlock();
    }
    receiver.attachmentChanged();
  }

  private @Nullable Consumers current() {
    lock.lock();
    try {
      return current;
    } finally {
      lock.unlock();
    }
  }

  private void tearDown() {
    Consumers old;
    lock.lock();
    try {
      old = current;
      current = null;
      attached = Map.of();
    } finally {
      lock.unlock();
    }
    if (old != null) {
      // first deaf, then forgotten: nothing of the old connection enters an inbox after this
      old.mute();
      receiver.forgotten();
      receiver.attachmentChanged();
      hangUp(old);
    }
  }

  /** To say goodbye to a broker that does not listen takes long: then it goes on by itself. */
  private void hangUp(Consumers old) {
    Thread goodbye = new Thread(old::close, "broker-goodbye");
    goodbye.setDaemon(true);
    goodbye.start();
    try {
      goodbye.join(Math.max(100, Math.min(lease.toMillis() / 8, 5_000)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The connection failed: its slots are detached from this moment. */
  private void wake() {
    lock.lock();
    try {
      attached = Map.of();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    receiver.attachmentChanged();
  }

  private void pause(Duration pause) {
    long left = pause.toNanos();
    lock.lock();
    try {
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Detaches all consumers and waits, for a bounded time, until that is done. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(15));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
