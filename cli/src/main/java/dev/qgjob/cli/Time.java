package dev.qgjob.cli;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The time a command waits by. */
public interface Time {

  /** Time since some fixed moment; never goes back. */
  Duration elapsed();

  /** Returns after {@code duration}. */
  void pause(Duration duration) throws InterruptedException;

  /** What comes next, or null if nothing has when {@code most} is over. */
  <T> @Nullable T next(BlockingQueue<T> queue, Duration most) throws InterruptedException;

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

      @Override
      public <T> @Nullable T next(BlockingQueue<T> queue, Duration most)
          throws InterruptedException {
        return queue.poll(most.toMillis(), TimeUnit.MILLISECONDS);
      }
    };
  }
}
