package dev.qgjob.simfarm.phone;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The time that installs take. A phone installs one app after the other, so two that come together
 * take twice as long; nobody's thread waits. Thread-safe.
 */
public final class Installer {
  private final Duration each;
  private final InstantSource clock;
  private final ScheduledExecutorService timer;
  private Instant freeAt = Instant.EPOCH;

  /**
   * An idle installer.
   *
   * @param each how long one app takes
   */
  public Installer(Duration each, InstantSource clock, ScheduledExecutorService timer) {
    this.each = each;
    this.clock = clock;
    this.timer = timer;
  }

  /**
   * Completes when the phone has spent the time of one more install; at once for Appium's helpers.
   */
  public CompletableFuture<Void> turn(String packageName) {
    if (each.isZero() || PackageStore.isHelper(packageName)) {
      return CompletableFuture.completedFuture(null);
    }
    Duration wait;
    synchronized (this) {
      Instant now = clock.instant();
      freeAt = (freeAt.isAfter(now) ? freeAt : now).plus(each);
      wait = Duration.between(now, freeAt);
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    var unused = timer.schedule(() -> done.complete(null), wait.toMillis(), TimeUnit.MILLISECONDS);
    return done;
  }
}
