package dev.qgjob.worker.lease;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When to beat: at a steady pace, at once when something changed, soon again when no answer came;
 * but never more often than the shortest gap allows. One thread; thread-safe.
 */
public final class Beater implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Beater.class);
  private static final Duration SHORTEST_GAP = Duration.ofMillis(100);

  private final BooleanSupplier beat;
  private final LongSupplier nanoTime;
  private final long paceNanos;
  private final long gapNanos;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean wanted;
  private boolean closed;

  /**
   * @param pace time between beats when nothing happens
   * @param beat sends one beat; false when no answer came
   */
  public Beater(Duration pace, LongSupplier nanoTime, BooleanSupplier beat) {
    this.beat = beat;
    this.nanoTime = nanoTime;
    this.paceNanos = pace.toNanos();
    this.gapNanos = Math.min(SHORTEST_GAP.toNanos(), paceNanos / 10);
    this.thread = new Thread(this::run, "beat");
    this.thread.setDaemon(true);
  }

  /** Sends the first beat and goes on from there. */
  public void start() {
    thread.start();
  }

  /** Something changed that the server should know now. */
  public void soon() {
    lock.lock();
    try {
      wanted = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (true) {
      long began = nanoTime.getAsLong();
      boolean answered = tryToBeat();
      // with no answer there are about four more tries before the lease is gone
      if (!await(began, answered ? paceNanos : Math.max(gapNanos, paceNanos / 3))) {
        return;
      }
    }
  }

  /** Whatever one beat brings about, the next one follows: without them no lease lives. */
  private boolean tryToBeat() {
    try {
      return beat.getAsBoolean();
    } catch (RuntimeException | Error e) {
      log.error("a beat stumbled", e);
      return false;
    }
  }

  /** Waits for the next beat; false when closed. */
  private boolean await(long began, long pause) {
    lock.lock();
    try {
      while (!closed) {
        long gone = nanoTime.getAsLong() - began;
        long left = (wanted ? gapNanos : pause) - gone;
        if (left <= 0) {
          wanted = false;
          return true;
        }
        changed.await(left, TimeUnit.NANOSECONDS);
      }
      return false;
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** No beat begins after this; one that is under way ends by itself. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
