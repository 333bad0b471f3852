package dev.qgjob.client;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How often, and with what pauses, a request is sent again that had no answer or one that may be
 * another next time (429 and 5xx): pauses double from the first; a server that names a pause of its
 * own (Retry-After) gets that, up to the longest.
 *
 * @param tries how often it is sent at most, from 1
 * @param told hears, in one line, why a request is sent again
 */
public record Repeats(
    int tries, Duration first, Duration longest, Pause pause, Consumer<String> told) {
  /** Waits. */
  @FunctionalInterface
  public interface Pause {
    void pass(Duration time) throws InterruptedException;
  }

  public Repeats {
    if (tries < 1) {
      throw new IllegalArgumentException("a request is sent at least once, not " + tries);
    }
  }

  /** Sends a request that a repeat cannot change. */
  <T> T of(Supplier<T> request) {
    Duration next = first;
    for (int sent = 1; ; sent++) {
      Duration wait = next;
      try {
        return request.get();
      } catch (ApiProblem e) {
        if (sent == tries || !e.passing()) {
          throw e;
        }
        wait = e.retryAfter().orElse(wait);
        told.accept("trying again: " + e.getMessage());
      } catch (Unreachable e) {
        if (sent == tries || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        told.accept("trying again: " + e.getMessage());
      }
      pass(wait.compareTo(longest) < 0 ? wait : longest);
      next = next.multipliedBy(2);
    }
  }

  private void pass(Duration wait) {
    try {
      pause.pass(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
