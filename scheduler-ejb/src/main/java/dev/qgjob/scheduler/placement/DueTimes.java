package dev.qgjob.scheduler.placement;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Wakes at moments that are known beforehand. Only the next one is kept: whoever is woken then says
 * what comes after it. A moment at which the executor takes nothing is missed: a timer looks in any
 * case. Thread-safe.
 */
final class DueTimes {
  private static final long NONE = Long.MAX_VALUE;

  /** A moment sooner or later is the same, and asked for with every tick. */
  private static final long ALIKE = TimeUnit.MILLISECONDS.toNanos(5);

  /** What is so late was not taken by the executor. */
  private static final long LATE = TimeUnit.SECONDS.toNanos(1);

  private final Executor executor;
  private final Runnable wake;
  private final long origin = System.nanoTime();
  private long next = NONE;

  DueTimes(Executor executor, Runnable wake) {
    this.executor = executor;
    this.wake = wake;
  }

  synchronized void in(Duration after) {
    long at = System.nanoTime() - origin + after.toNanos();
    boolean missed = next < System.nanoTime() - origin - LATE;
    if (missed || at < next - ALIKE) {
      next = at;
      CompletableFuture.delayedExecutor(after.toNanos(), TimeUnit.NANOSECONDS, executor)
          .execute(() -> reached(at));
    }
  }

  private void reached(long at) {
    synchronized (this) {
      next = next == at ? NONE : next;
    }
    wake.run();
  }
}
