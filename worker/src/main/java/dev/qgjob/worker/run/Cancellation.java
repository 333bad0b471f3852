package dev.qgjob.worker.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The handle by which jobs of a running batch are stopped. Thread-safe. A job that has not begun is
 * skipped, one that runs is ended within two seconds; the rest of the batch goes on.
 */
public final class Cancellation {
  private final Map<String, String> reasons = new HashMap<>();
  private final List<Runnable> watchers = new ArrayList<>();
  private String everything = "";

  /** Stops one job. The first reason given is the one that is kept. */
  public void cancel(String jobId, String reason) {
    List<Runnable> told;
    synchronized (this) {
      reasons.putIfAbsent(jobId, reason);
      told = List.copyOf(watchers);
    }
    told.forEach(Runnable::run);
  }

  /** Stops the whole batch. */
  public void cancelAll(String reason) {
    List<Runnable> told;
    synchronized (this) {
      if (everything.isEmpty()) {
        everything = reason.isEmpty() ? "cancelled" : reason;
      }
      told = List.copyOf(watchers);
    }
    told.forEach(Runnable::run);
  }

  /** Why the job is to stop; empty while it may go on. */
  public synchronized Optional<String> reason(String jobId) {
    String own = reasons.get(jobId);
    if (own != null) {
      return Optional.of(own);
    }
    return everything.isEmpty() ? Optional.empty() : Optional.of(everything);
  }

  /** Has {@code watcher} run, quickly and in the caller's thread, at every cancel from now on. */
  public synchronized void watch(Runnable watcher) {
    watchers.add(watcher);
  }
}
