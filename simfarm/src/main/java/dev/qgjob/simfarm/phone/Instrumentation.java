package dev.qgjob.simfarm.phone;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Whether the UiAutomator2 server runs on the phone: from {@code am instrument} until that is
 * interrupted or the server is force-stopped. Thread-safe.
 *
 * <p>Appium's driver asks the server's port right after it has started {@code am instrument} and
 * then only once a second, so a knock that comes a few milliseconds too early would cost every
 * session a second. Such a knock waits a little. The first one after a stop is refused at once,
 * though: with it the driver makes sure that the server is gone.
 */
public final class Instrumentation {
  private static final Duration KNOCK = Duration.ofMillis(400);

  private Optional<CompletableFuture<Void>> running = Optional.empty();
  private boolean stoppedUnseen = true;

  /**
   * Starts the server; one that runs is ended.
   *
   * @return completes when the server is stopped
   */
  public synchronized CompletableFuture<Void> start() {
    stop();
    CompletableFuture<Void> run = new CompletableFuture<>();
    running = Optional.of(run);
    notifyAll();
    return run;
  }

  /** Stops the server, if it runs. */
  public synchronized void stop() {
    stoppedUnseen = true;
    running.ifPresent(run -> run.complete(null));
    running = Optional.empty();
  }

  /** Stops the server if it is this run. */
  public synchronized void stop(CompletableFuture<Void> run) {
    if (running.isPresent() && running.get() == run) {
      stop();
    }
  }

  /** The run that a connection to the server's port would reach; empty if it is refused. */
  public synchronized Optional<CompletableFuture<Void>> knock() throws InterruptedException {
    if (running.isEmpty() && stoppedUnseen) {
      stoppedUnseen = false;
      return Optional.empty();
    }
    long deadline = System.nanoTime() + KNOCK.toNanos();
    while (running.isEmpty()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return Optional.empty();
      }
      wait(left);
    }
    return running;
  }
}
