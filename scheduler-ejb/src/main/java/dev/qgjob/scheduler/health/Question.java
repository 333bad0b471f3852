package dev.qgjob.scheduler.health;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks a part how it is, on a thread of its own and never twice at a time: one that is frozen costs
 * one thread, however many want to know. Thread-safe.
 */
final class Question {
  private final Executor executor;
  private final Supplier<@Nullable String> ask;
  private volatile @Nullable String last;
  private @Nullable CompletableFuture<Optional<String>> underWay;

  /**
   * @param ask the part's trouble in one line or null; must not throw
   * @param before the answer until there is one
   */
  Question(Executor executor, Supplier<@Nullable String> ask, String before) {
    this.executor = executor;
    this.ask = ask;
    this.last = before;
  }

  @Nullable String lastAnswer() {
    return last;
  }

  /** Asks beside the caller, unless that is being done. */
  synchronized CompletableFuture<Optional<String>> ask() {
    if (underWay == null || underWay.isDone()) {
      CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
      underWay = answer;
      try {
        executor.execute(
            () -> {
              last = ask.get();
              answer.complete(Optional.ofNullable(last));
            });
      } catch (RejectedExecutionException e) {
        answer.complete(Optional.of("the server is too busy to ask"));
      }
    }
    return underWay;
  }

  /** Asks and waits; {@code otherwise} where no answer came in time. */
  @Nullable String answerWithin(Duration most, String otherwise) {
    try {
      return ask().get(most.toMillis(), TimeUnit.MILLISECONDS).orElse(null);
    } catch (TimeoutException | ExecutionException e) {
      return otherwise;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return otherwise;
    }
  }
}
