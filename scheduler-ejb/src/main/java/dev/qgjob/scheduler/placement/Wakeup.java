package dev.qgjob.scheduler.placement;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Work that runs when it is woken, one run at a time: calls during a run lead to one more run,
 * however many they are, and no call waits. Thread-safe.
 */
final class Wakeup {
  private final Executor executor;
  private final Runnable work;
  private final AtomicBoolean due = new AtomicBoolean();
  private final AtomicBoolean running = new AtomicBoolean();

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

  private void run() {
    do {
      try {
        while (due.getAndSet(false)) {
          work.run();
        }
      } finally {
        running.set(false);
      }
      // one that came between the last look and the end of the run
    } while (due.get() && running.compareAndSet(false, true));
  }
}
