package dev.qgjob.worker.link;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses between tries: doubling up to a most, each drawn from its upper half, so that many workers
 * that lost the same server do not come back in step. Not thread-safe.
 */
public final class Backoff {
  private final long firstNanos;
  private final long mostNanos;
  private final RandomGenerator random;
  private long nextNanos;

  public Backoff(Duration first, Duration most, RandomGenerator random) {
    this.firstNanos = first.toNanos();
    this.mostNanos = Math.max(first.toNanos(), most.toNanos());
    this.random = random;
    this.nextNanos = firstNanos;
  }

  /** The pause before the next try. */
  public Duration next() {
    long full = nextNanos;
    nextNanos = Math.min(mostNanos, full * 2);
    return Duration.ofNanos(full - random.nextLong(full / 2 + 1));
  }

  /**
   * As {@link #next}, from the beginning of the try that failed: whoever waited long for an answer
   * that did not come has paused already. But as long as the other side asked for, up to the
   * longest pause.
   *
   * @param asked zero where it asked for nothing
   * @param took how long the try took
   */
  public Duration next(Duration asked, Duration took) {
    long own = Math.max(0, next().minus(took).toNanos());
    long wanted = Math.min(mostNanos, asked.toNanos());
    return Duration.ofNanos(Math.max(own, wanted));
  }

  /** As {@link #next(Duration, Duration)}, from now. */
  public Duration next(Duration asked) {
    return next(asked, Duration.ZERO);
  }

  /** It worked: the next failure starts from the first pause. */
  public void reset() {
    nextNanos = firstNanos;
  }
}
