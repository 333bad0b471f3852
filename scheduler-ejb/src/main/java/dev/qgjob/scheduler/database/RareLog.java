package dev.qgjob.scheduler.database;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Logs a failure that comes back every second once a minute, with the count of those left out.
 * Thread-safe.
 */
public final class RareLog {
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final System.Logger log;
  private final InstantSource clock;
  private @Nullable Instant last;
  private int leftOut;

  /** Logs to {@code log}. */
  public RareLog(System.Logger log, InstantSource clock) {
    this.log = log;
    this.clock = clock;
  }

  /** {@code what} failed, once more. */
  public synchronized void failed(String what, Throwable failure) {
    Instant now = clock.instant();
    if (last != null && now.isBefore(last.plus(PAUSE))) {
      leftOut++;
      return;
    }
    String since = leftOut == 0 ? "" : " (and " + leftOut + " times since it was last said)";
    log.log(System.Logger.Level.WARNING, what + " failed" + since + ": " + failure, failure);
    last = now;
    leftOut = 0;
  }
}
