package dev.qgjob.scheduler.broker;

import dev.qgjob.domain.placement.Bus;
import java.util.function.Consumer;

/**
 * The topic that tells all servers what changed at one of them. Nothing on it is kept: who is away
 * misses it. Thread-safe; throws {@link Bus.Unavailable}.
 */
public interface EventTopic {
  /** Tells all who listen at this moment; does not wait until the broker has it. */
  void publish(String body);

  /**
   * Hands each message to {@code bodies}, one at a time on a thread of its own, until the broker is
   * lost, which {@code lost} is told once, or until it is closed.
   */
  Listening listen(Consumer<String> bodies, Runnable lost);

  /** A consumer and its connection. */
  interface Listening extends AutoCloseable {
    @Override
    void close();
  }
}
