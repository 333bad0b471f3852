package dev.qgjob.worker;

import dev.qgjob.worker.run.Artefact;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Details;
import dev.qgjob.worker.run.Executor;
import dev.qgjob.worker.run.Listener;
import dev.qgjob.worker.run.Outcome;
import dev.qgjob.worker.run.RunContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Runs nothing: each job passes at once, or is held until it is let go or stopped. */
public final class StubExecutor implements Executor {
  public final List<List<String>> batches = new CopyOnWriteArrayList<>();
  public final List<String> slots = new CopyOnWriteArrayList<>();
  public final Set<String> running = ConcurrentHashMap.newKeySet();
  public final Set<String> stopped = ConcurrentHashMap.newKeySet();
  public final Set<String> leavesFiles = ConcurrentHashMap.newKeySet();
  public final Set<String> losesPhone = ConcurrentHashMap.newKeySet();
  public final Map<String, Process> escaped = new ConcurrentHashMap<>();
  public final Set<String> escapes = ConcurrentHashMap.newKeySet();
  public final Map<String, Error> breaks = new ConcurrentHashMap<>();
  public volatile Listener listener;
  private final Set<String> held = ConcurrentHashMap.newKeySet();

  public void hold(String jobId) {
    held.add(jobId);
  }

  public void letGo(String jobId) {
    synchronized (this) {
      held.remove(jobId);
      notifyAll();
    }
  }

  @Override
  public void run(List<Assignment> batch, RunContext context, Listener listener) {
    this.listener = listener;
    batches.add(batch.stream().map(Assignment::jobId).toList());
    slots.add(context.slot().id());
    context.cancellation().watch(this::wake);
    for (Assignment assignment : batch) {
      String jobId = assignment.jobId();
      listener.onStarted(jobId);
      if (breaks.containsKey(jobId)) {
        throw breaks.get(jobId);
      }
      running.add(jobId);
      Optional<String> stop = waitWhileHeld(jobId, context);
      running.remove(jobId);
      if (stop.isPresent()) {
        stopped.add(jobId);
        Details left =
            leavesFiles.contains(jobId) ? details(jobId, context.folder()) : Details.NONE;
        listener.onFinished(jobId, new Outcome.Cancelled(left, stop.get()));
      } else if (losesPhone.contains(jobId)) {
        listener.onFinished(jobId, new Outcome.TargetLost(Details.NONE, "the phone hangs"));
      } else {
        listener.onFinished(jobId, new Outcome.Passed(details(jobId, context.folder())));
      }
    }
  }

  private synchronized void wake() {
    notifyAll();
  }

  private synchronized Optional<String> waitWhileHeld(String jobId, RunContext context) {
    try {
      while (held.contains(jobId) && context.cancellation().reason(jobId).isEmpty()) {
        wait();
      }
    } catch (InterruptedException e) {
      return Optional.of("interrupted");
    }
    return context.cancellation().reason(jobId);
  }

  private Details details(String jobId, Path folder) {
    List<Artefact> artefacts = new ArrayList<>();
    if (escapes.contains(jobId)) {
      leaveProcess(jobId, folder);
    }
    if (leavesFiles.contains(jobId)) {
      try {
        Path log = Files.writeString(folder.resolve(jobId + ".log"), "a line\n");
        artefacts.add(new Artefact("logs/run.log", log, "text/plain"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return new Details(
        List.of(), artefacts, 1, 2, Duration.ofMillis(5), Duration.ofMillis(7), List.of());
  }

  private void leaveProcess(String jobId, Path folder) {
    try {
      escaped.put(jobId, new ProcessBuilder("sleep", "600").directory(folder.toFile()).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    // holds nothing
  }
}
