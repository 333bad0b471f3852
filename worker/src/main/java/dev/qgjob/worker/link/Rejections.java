package dev.qgjob.worker.link;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the server of messages that could not be read, and then acknowledges them. They hold up
 * nothing: they are told one after the other, beside all else, and where too many wait the next
 * ones are only logged here. Thread-safe.
 */
public final class Rejections {
  private static final Logger log = LoggerFactory.getLogger(Rejections.class);
  private static final int MOST_WAITING = 100;

  private final WorkerApi api;
  private final Executor threads;
  private final Duration longestPause;
  private final RandomGenerator random;

  // guarded by this
  private final Deque<Unreadable> waiting = new ArrayDeque<>();
  private boolean telling;

  /**
   * @param longestPause between two tries to tell
   */
  public Rejections(
      WorkerApi api, Executor threads, Duration longestPause, RandomGenerator random) {
    this.api = api;
    this.threads = threads;
    this.longestPause = longestPause;
    this.random = random;
  }

  /** Takes a message over, and returns at once. */
  public void add(Unreadable message) {
    log.error("dropping a message from {}: {}", message.queue(), message.reason());
    if (!queued(message)) {
      message.receipt().run();
    }
  }

  private boolean queued(Unreadable message) {
    synchronized (this) {
      if (waiting.size() >= MOST_WAITING) {
        return false;
      }
      waiting.add(message);
      if (telling) {
        return true;
      }
      telling = true;
    }
    try {
      threads.execute(this::tellAll);
    } catch (RejectedExecutionException e) {
      // the worker ends: the broker gives the message to another one
    }
    return true;
  }

  private void tellAll() {
    try {
      for (Unreadable message = next(); message != null; message = next()) {
        if (told(message)) {
          message.receipt().run();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized @Nullable Unreadable next() {
    Unreadable message = waiting.poll();
    telling = message != null;
    return message;
  }

  /** True once the server has heard of it, false when the broker has taken it back meanwhile. */
  private boolean told(Unreadable message) throws InterruptedException {
    Backoff backoff = new Backoff(Duration.ofMillis(50), longestPause, random);
    while (message.current().getAsBoolean()) {
      if (api.reject(message.queue(), message.reason(), message.excerpt())) {
        return true;
      }
      TimeUnit.NANOSECONDS.sleep(backoff.next().toNanos());
    }
    return false;
  }
}
