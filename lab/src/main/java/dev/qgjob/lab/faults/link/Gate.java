package dev.qgjob.lab.faults.link;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Whether a link lets pass. Thread-safe. */
public final class Gate {
  /** Which way bytes go. */
  public enum Way {
    TO_SERVER,
    TO_WORKER
  }

  private final Set<Way> held = EnumSet.noneOf(Way.class);
  private Duration delay = Duration.ZERO;
  private boolean closed;

  /** Nothing passes in these directions until {@link #open}. */
  public synchronized void hold(Set<Way> ways) {
    held.addAll(ways);
  }

  /** Everything passes, each piece so much later. */
  public synchronized void delay(Duration by) {
    delay = by;
  }

  /** Everything passes at once; what was held goes first. */
  public synchronized void open() {
    held.clear();
    delay = Duration.ZERO;
    notifyAll();
  }

  /** For good: whoever waits is let go. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Returns when a piece may pass; false when the link is closed for good. */
  boolean pass(Way way) throws InterruptedException {
    Duration wait;
    synchronized (this) {
      while (held.contains(way) && !closed) {
        wait();
      }
      wait = closed ? Duration.ZERO : delay;
      if (closed) {
        return false;
      }
    }
    if (!wait.isZero()) {
      TimeUnit.NANOSECONDS.sleep(wait.toNanos());
    }
    return true;
  }
}
