package dev.qgjob.scheduler.placement;

import java.time.Duration;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Wakes at moments that are known beforehand. Those within {@value #ALIKE_MS} ms are one; more than
 * {@value #MOST} are not kept, and one at which the executor takes nothing is missed: a timer looks
 * in any case. Thread-safe.
 */
final class DueTimes {
  private static final int ALIKE_MS = 5;
  private static final int MOST = 1_000;

  private final Executor executor;
  private final Runnable wake;
  private final long origin = System.nanoTime();

  /** Moments in units of what is alike, since the origin. */
  private final TreeSet<Long> moments = new TreeSet<>();

  DueTimes(Executor executor, Runnable wake) {
    this.executor = executor;
    this.wake = wake;
  }

  synchronized void in(Duration after) {
    long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - origin);
    moments.headSet((now - 1_000) / ALIKE_MS).clear();
    long moment = (now + after.toMillis()) / ALIKE_MS + 1;
    if (moments.size() < MOST && moments.add(moment)) {
      CompletableFuture.delayedExecutor(moment * ALIKE_MS - now, TimeUnit.MILLISECONDS, executor)
          .execute(() -> reached(moment));
    }
  }

  private void reached(long moment) {
    synchronized (this) {
      moments.remove(moment);
    }
    wake.run();
  }
}
