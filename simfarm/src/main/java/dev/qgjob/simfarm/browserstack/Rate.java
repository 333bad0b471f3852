package dev.qgjob.simfarm.browserstack;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** So many requests within a time, sliding. Thread-safe. */
final class Rate {
  private final int most;
  private final Duration window;
  private final InstantSource clock;
  private final Deque<Instant> lately = new ArrayDeque<>();

  Rate(int most, Duration window, InstantSource clock) {
    this.most = most;
    this.window = window;
    this.clock = clock;
  }

  /** Counts one more; or says how long it is until there may be one. */
  synchronized Optional<Duration> tooMany() {
    Instant now = clock.instant();
    while (!lately.isEmpty() && !lately.getFirst().plus(window).isAfter(now)) {
      lately.removeFirst();
    }
    if (lately.size() >= most) {
      return Optional.of(Duration.between(now, lately.getFirst().plus(window)));
    }
    lately.addLast(now);
    return Optional.empty();
  }
}
