package dev.qgjob.worker.process;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets no more programs start at a time than the host has processors. A start keeps a processor
 * busy for seconds, so that of many at once each ends last; one after another the first ones are
 * long at work when the last begins. A courtesy and no lock: who waited long enough starts anyway.
 * Thread-safe, first come first served.
 */
public final class Starts {
  private final Semaphore free;
  private final Duration patience;

  /**
   * @param most how many may start at once, from 1
   * @param patience for who waits for a turn
   */
  public Starts(int most, Duration patience) {
    this.free = new Semaphore(most, true);
    this.patience = patience;
  }

  /** Waits for a turn, which is closed when the program has started or has ended. */
  public Turn turn() throws InterruptedException {
    return new Turn(free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** A program may start now. */
  public final class Turn implements AutoCloseable {
    private final AtomicBoolean held;

    private Turn(boolean held) {
      this.held = new AtomicBoolean(held);
    }

    /** The next one's turn; a second time changes nothing. */
    @Override
    public void close() {
      if (held.compareAndSet(true, false)) {
        free.release();
      }
    }
  }
}
