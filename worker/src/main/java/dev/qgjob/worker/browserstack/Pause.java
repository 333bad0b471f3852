package dev.qgjob.worker.browserstack;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for a time. */
@FunctionalInterface
interface Pause {
  /** Really waits. */
  Pause REAL = time -> TimeUnit.NANOSECONDS.sleep(time.toNanos());

  void of(Duration time) throws InterruptedException;
}
