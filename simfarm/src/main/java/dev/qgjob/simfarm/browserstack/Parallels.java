package dev.qgjob.simfarm.browserstack;

import dev.qgjob.simfarm.device.SimulatedPhone;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The plan's parallel sessions, the queue before them, and the phones that serve them. First come,
 * first served. Thread-safe.
 */
final class Parallels {
  /** BrowserStack drops a session from its queue after this time. */
  static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

  private final int allowed;
  private final int queueAllowed;
  private final Semaphore turns;
  private final Deque<SimulatedPhone> free;
  private int running;
  private int queued;
  private int mostRunning;
  private int mostQueued;

  /**
   * All free.
   *
   * @param allowed parallel sessions of the plan; fewer run if there are fewer phones
   */
  Parallels(int allowed, List<SimulatedPhone> phones) {
    this.allowed = allowed;
    this.queueAllowed = Math.max(5, allowed);
    this.turns = new Semaphore(Math.min(allowed, phones.size()), true);
    this.free = new ArrayDeque<>(phones);
  }

  /** What came of asking for a phone. */
  sealed interface Turn {
    /** The phone is the caller's until it is given back. */
    record Yours(SimulatedPhone phone) implements Turn {}

    /** All parallels are busy and the queue is full. */
    record QueueFull() implements Turn {}

    /** The queue was too slow. */
    record WaitedTooLong() implements Turn {}
  }

  /** How busy the plan is. */
  record Load(
      int running, int allowed, int queued, int queueAllowed, int mostRunning, int mostQueued) {}

  /** Waits for a phone, if the queue has room. */
  Turn await() throws InterruptedException {
    boolean atOnce = turns.tryAcquire();
    if (!atOnce) {
      synchronized (this) {
        if (queued >= queueAllowed) {
          return new Turn.QueueFull();
        }
        queued++;
        mostQueued = Math.max(mostQueued, queued);
      }
      try {
        if (!turns.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
          return new Turn.WaitedTooLong();
        }
      } finally {
        synchronized (this) {
          queued--;
        }
      }
    }
    return new Turn.Yours(take());
  }

  /** Gives a phone back. */
  void giveBack(SimulatedPhone phone) {
    synchronized (this) {
      running--;
      free.addLast(phone);
    }
    turns.release();
  }

  synchronized Load load() {
    return new Load(running, allowed, queued, queueAllowed, mostRunning, mostQueued);
  }

  /** A phone that answers if there is one; there are never more turns than phones. */
  private synchronized SimulatedPhone take() {
    Optional<SimulatedPhone> answering =
        free.stream().filter(SimulatedPhone::isAnswering).findFirst();
    SimulatedPhone phone = answering.orElseGet(free::getFirst);
    free.remove(phone);
    running++;
    mostRunning = Math.max(mostRunning, running);
    return phone;
  }
}
