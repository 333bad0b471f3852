package dev.qgjob.domain.simulation;

import dev.qgjob.domain.placement.Bus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A broker that behaves like Artemis where it matters here: a group is pinned at its first message
 * to the next consumer in turn, until that consumer goes; a consumer is sent ahead what its window
 * allows; each message is acknowledged alone; what a lost connection held comes again; queues are
 * not made by sending to them.
 */
final class Broker implements Bus {
  /** A message in a queue, maybe on its way to a consumer. */
  static final class Message {
    final Dispatch dispatch;
    final @Nullable String group;
    final Queue queue;
    @Nullable Consumer holder;

    Message(Dispatch dispatch, @Nullable String group, Queue queue) {
      this.dispatch = dispatch;
      this.group = group;
      this.queue = queue;
    }
  }

  private static final class Queue {
    final String name;
    final List<Message> messages = new ArrayList<>();
    final List<Consumer> consumers = new ArrayList<>();
    final Map<String, Consumer> pins = new HashMap<>();
    int turn;

    Queue(String name) {
      this.name = name;
    }
  }

  /** A consumer of one queue within a connection. */
  static final class Consumer {
    final Connection connection;
    final Queue queue;
    final @Nullable String slotId;
    int credit;

    Consumer(Connection connection, Queue queue, @Nullable String slotId, int window) {
      this.connection = connection;
      this.queue = queue;
      this.slotId = slotId;
      this.credit = window;
    }
  }

  /** A worker's connection, as both ends see it. */
  static final class Connection {
    final WorkerProcess process;
    final List<Consumer> consumers = new ArrayList<>();
    final List<Runnable> held = new ArrayList<>();
    boolean known = true;

    Connection(WorkerProcess process) {
      this.process = process;
    }
  }

  private final Simulation world;
  private final Map<String, Queue> queues = new HashMap<>();
  private final List<Connection> connections = new ArrayList<>();
  private final List<Message> justAcknowledged = new ArrayList<>();
  private boolean up = true;
  private boolean doubtful;

  Broker(Simulation world) {
    this.world = world;
    makeShared();
  }

  private void makeShared() {
    world.plan().targets.forEach(t -> queues.put(t.name(), new Queue(t.name())));
  }

  boolean up() {
    return up;
  }

  // ---- the servers' side

  @Override
  public void send(List<Dispatch> batch) {
    if (!up) {
      throw new Unavailable("no broker", new IllegalStateException());
    }
    List<Message> messages = new ArrayList<>();
    for (Dispatch dispatch : batch) {
      String name = queueOf(dispatch);
      Queue queue = queues.get(name);
      if (queue == null) {
        throw new Unavailable("no queue " + name, new IllegalStateException());
      }
      String group = dispatch instanceof Dispatch.Shared shared ? shared.messageGroup() : null;
      messages.add(new Message(dispatch, group, queue));
    }
    messages.forEach(m -> m.queue.messages.add(m));
    if (world.trace().on()) {
      batch.forEach(d -> world.trace().say("broker", "gets " + d));
    }
    messages.forEach(m -> pump(m.queue));
    if (doubtful) {
      doubtful = false;
      throw new Unavailable("the commit was not confirmed", new IllegalStateException());
    }
  }

  private static String queueOf(Dispatch dispatch) {
    if (dispatch instanceof Dispatch.Shared shared) {
      return shared.target().name();
    }
    return dispatch instanceof Dispatch.HandOff handOff
        ? handOff.workerId()
        : ((Dispatch.Stop) dispatch).workerId();
  }

  /** The worker registers: its queue is there before it attaches. */
  void open(String workerId) {
    if (!up) {
      throw new Unavailable("no broker", new IllegalStateException());
    }
    queues.computeIfAbsent(workerId, Queue::new);
  }

  /** The worker is gone for good; a broker that is away keeps the queue. */
  void close(String workerId) {
    if (up) {
      queues.remove(workerId);
    }
  }

  boolean hasQueue(String workerId) {
    return queues.containsKey(workerId);
  }

  // ---- the workers' side

  /** Attaches a worker's slots, or says why not: true if its own queue is missing. */
  @Nullable Connection connect(WorkerProcess process, Map<String, String> slots) {
    Connection connection = new Connection(process);
    consume(connection, queues.get(process.workerId()), null);
    slots.forEach((slot, target) -> consume(connection, queues.get(target), slot));
    connections.add(connection);
    connection.consumers.forEach(c -> pump(c.queue));
    return connection;
  }

  private void consume(Connection connection, Queue queue, @Nullable String slotId) {
    Consumer consumer = new Consumer(connection, queue, slotId, world.plan().window);
    connection.consumers.add(consumer);
    queue.consumers.add(consumer);
  }

  private void pump(Queue queue) {
    if (queue.consumers.isEmpty()) {
      return;
    }
    for (int i = 0; i < queue.messages.size(); i++) {
      Message message = queue.messages.get(i);
      if (message.holder == null) {
        Consumer consumer = consumerOf(queue, message);
        if (consumer != null) {
          deliver(message, consumer);
        }
      }
    }
  }

  private static @Nullable Consumer consumerOf(Queue queue, Message message) {
    if (message.group != null) {
      Consumer pinned = queue.pins.get(message.group);
      if (pinned != null) {
        return pinned.credit > 0 ? pinned : null;
      }
    }
    for (int i = 0; i < queue.consumers.size(); i++) {
      Consumer next = queue.consumers.get(queue.turn++ % queue.consumers.size());
      if (next.credit > 0) {
        if (message.group != null) {
          queue.pins.put(message.group, next);
        }
        return next;
      }
    }
    return null;
  }

  private void deliver(Message message, Consumer consumer) {
    message.holder = consumer;
    consumer.credit--;
    Connection connection = consumer.connection;
    world
        .agenda()
        .after(
            world.chance().between(1, 4),
            () ->
                pass(
                    connection,
                    () ->
                        connection.process.enter(
                            () -> {
                              connection.process.delivered(connection, consumer, message);
                              // the window opens again when the client has taken it in
                              pass(connection, () -> credit(consumer));
                            })));
  }

  private void credit(Consumer consumer) {
    if (consumer.connection.known && up) {
      consumer.credit++;
      pump(consumer.queue);
    }
  }

  /** What moves along a connection waits while nothing passes. */
  private static void pass(Connection connection, Runnable what) {
    if (connection.process.reachesBroker()) {
      what.run();
    } else {
      connection.held.add(what);
    }
  }

  void acknowledge(Message message) {
    Consumer holder = message.holder;
    if (holder == null) {
      return;
    }
    world
        .agenda()
        .after(
            world.chance().between(0, 4),
            () ->
                pass(
                    holder.connection,
                    () -> {
                      if (up && holder.connection.known && message.holder == holder) {
                        message.queue.messages.remove(message);
                        remember(message);
                      }
                    }));
  }

  private void remember(Message message) {
    justAcknowledged.add(message);
    if (justAcknowledged.size() > 3) {
      justAcknowledged.remove(0);
    }
  }

  /** The link of a worker works again; what waited goes on, if both ends still know each other. */
  void linked(WorkerProcess process) {
    for (Connection connection : List.copyOf(connections)) {
      if (connection.process == process) {
        List<Runnable> held = List.copyOf(connection.held);
        connection.held.clear();
        held.forEach(Runnable::run);
      }
    }
  }

  /** The broker's end is closed: what it held comes again, its pins are gone. */
  void drop(Connection connection) {
    if (!connection.known) {
      return;
    }
    connection.known = false;
    connections.remove(connection);
    List<Queue> touched = new ArrayList<>();
    for (Consumer consumer : connection.consumers) {
      Queue queue = consumer.queue;
      queue.consumers.remove(consumer);
      queue.pins.values().removeIf(c -> c == consumer);
      for (Message message : queue.messages) {
        if (message.holder == consumer) {
          message.holder = null;
        }
      }
      touched.add(queue);
    }
    if (up) {
      touched.forEach(this::pump);
    }
  }

  // ---- its faults

  /** The next batch arrives, and the sender does not hear of it. */
  void doubtful() {
    doubtful = true;
  }

  /** Dies and comes back, with its journal or with empty queues. */
  void restart(long down, boolean journal) {
    if (!up) {
      return;
    }
    world.trace().say("broker", journal ? "dies" : "dies and loses its journal");
    world.referee().disturbed();
    up = false;
    List<Connection> lost = List.copyOf(connections);
    lost.forEach(this::drop);
    for (Connection connection : lost) {
      world
          .agenda()
          .after(
              world.chance().between(0, 10),
              () -> connection.process.enter(() -> connection.process.disconnected(connection)));
    }
    if (journal) {
      for (Message message : justAcknowledged) {
        if (world.chance().of(0.5) && queues.get(message.queue.name) == message.queue) {
          message.holder = null;
          message.queue.messages.add(0, message);
        }
      }
    } else {
      queues.clear();
      makeShared();
    }
    justAcknowledged.clear();
    world
        .agenda()
        .after(
            down,
            () -> {
              up = true;
              world.trace().say("broker", "is up again");
            });
  }
}
