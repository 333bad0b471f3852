package dev.qgjob.worker.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The handle by which jobs of a running batch are stopped. Thread-safe. A job that has not begun is
 * skipped, one that runs is ended within two seconds; the rest of the batch goes on.
 */
public final class Cancellation {
  private final Map<String, String> reasons = new HashMap<>();
  private final Set<String> hung = new HashSet<>();
  private final List<Runnable> watchers = new ArrayList<>();
  private String everything = "";

  /** Stops one job. The first reason given is the one that is kept. */
  public void cancel(String jobId, String reason) {
    cancel(jobId, reason, false);
  }

  /** Stops one job that shows no sign of life: whose doing that is, its run has to find out. */
  public void cancelHung(String jobId, String reason) {
    cancel(jobId, reason, true);
  }

  private void cancel(String jobId, String reason, boolean silent) {
    List<Runnable> told;
    synchronized (this) {
      if (reasons.putIfAbsent(jobId, reason) == null && silent) {
        hung.add(jobId);
      }
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

  /** Whether it is to stop for the lack of a sign of life, and for nothing else. */
  public synchronized boolean hung(String jobId) {
    return hung.contains(jobId);
  }

  /** Has {@code watcher} run, quickly and in the caller's thread, at every cancel from now on. */
  public synchronized void watch(Runnable watcher) {
    watchers.add(watcher);
  }
}
