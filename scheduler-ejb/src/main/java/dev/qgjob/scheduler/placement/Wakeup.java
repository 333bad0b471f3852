package dev.qgjob.scheduler.placement;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Work that runs when it is woken, one run at a time: calls during a run lead to one more run,
 * however many they are, and no call waits. The first call after a rest is heeded at once; under
 * many calls runs begin no closer than {@link #REST} and rest as long as they took, so that each
 * does more and together they take half of the time at most. Thread-safe.
 */
final class Wakeup {
  /** Least time from the beginning of one run to that of the next. */
  static final Duration REST = Duration.ofMillis(10);

  /** A slow run is no reason to be blind for as long again. */
  static final Duration LONGEST_REST = Duration.ofMillis(50);

  private final Executor executor;
  private final Runnable work;
  private final AtomicBoolean due = new AtomicBoolean();
  private final AtomicBoolean running = new AtomicBoolean();

  /** Of the thread that runs; handed on by {@code running}. */
  private long notBefore = System.nanoTime();

  /**
   * @param work must not throw
   */
  Wakeup(Executor executor, Runnable work) {
    this.executor = executor;
    this.work = work;
  }

  void wake() {
    due.set(true);
    if (running.compareAndSet(false, true)) {
      try {
        executor.execute(this::run);
      } catch (RejectedExecutionException e) {
        // full, or the server stops: the flag stays up for the next call
        running.set(false);
      }
    }
  }

  private static long next(long began, long ended) {
    long rest = Math.min(ended - began, LONGEST_REST.toNanos());
    return Math.max(began + REST.toNanos(), ended + rest);
  }

  /** Ends early, and once for all, where the thread is asked to end. */
  private void rest() {
    long left = notBefore - System.nanoTime();
    if (left > 0) {
      try {
        TimeUnit.NANOSECONDS.sleep(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    do {
      try {
        while (due.get()) {
          rest();
          due.set(false);
          long began = System.nanoTime();
          work.run();
          notBefore = next(began, System.nanoTime());
        }
      } finally {
        running.set(false);
      }
      // one that came between the last look and the end of the run
    } while (due.get() && running.compareAndSet(false, true));
  }
}
