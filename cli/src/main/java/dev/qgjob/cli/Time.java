package dev.qgjob.cli;

import java.time.Duration;

/** The time a command waits by. */
public interface Time {

  /** Time since some fixed moment; never goes back. */
  Duration elapsed();

  /** Returns after {@code duration}. */
  void pause(Duration duration) throws InterruptedException;

  /** The machine's own. */
  static Time system() {
    return new Time() {
      @Override
      public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime());
      }

      @Override
      public void pause(Duration duration) throws InterruptedException {
        Thread.sleep(duration.toMillis());
      }
    };
  }
}
