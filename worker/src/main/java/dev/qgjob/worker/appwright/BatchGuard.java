package dev.qgjob.worker.appwright;

import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Listener;
import dev.qgjob.worker.run.Outcome;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Holds what {@link Listener} promises: every job is finished once, whatever breaks on the way; and
 * what breaks on a full disk is told as that.
 */
final class BatchGuard implements Listener {
  private final Set<String> open = new LinkedHashSet<>();
  private final Path folder;
  private final Listener listener;

  BatchGuard(List<Assignment> batch, Path folder, Listener listener) {
    batch.forEach(assignment -> open.add(assignment.jobId()));
    this.folder = folder;
    this.listener = listener;
  }

  @Override
  public void onStarted(String jobId) {
    if (open.contains(jobId)) {
      listener.onStarted(jobId);
    }
  }

  @Override
  public void onLog(String jobId, String line) {
    if (open.contains(jobId)) {
      listener.onLog(jobId, line);
    }
  }

  @Override
  public void onProgress(String jobId) {
    if (open.contains(jobId)) {
      listener.onProgress(jobId);
    }
  }

  @Override
  public void onFinished(String jobId, Outcome outcome) {
    if (open.remove(jobId)) {
      listener.onFinished(jobId, FullDisk.behind(outcome, folder));
    }
  }

  void finishRest(Outcome outcome) {
    for (String jobId : List.copyOf(open)) {
      onFinished(jobId, outcome);
    }
  }
}
