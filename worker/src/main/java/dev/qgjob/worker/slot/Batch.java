package dev.qgjob.worker.slot;

import dev.qgjob.protocol.lease.Grant;
import dev.qgjob.worker.health.Ward;
import dev.qgjob.worker.lease.LeaseWatch;
import dev.qgjob.worker.process.Leftovers;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Cancellation;
import dev.qgjob.worker.run.Details;
import dev.qgjob.worker.run.Executor;
import dev.qgjob.worker.run.Listener;
import dev.qgjob.worker.run.Outcome;
import dev.qgjob.worker.run.RunContext;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.workspace.Folders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs of one claim, run in one go. Every one of them ends in a report, or with its lease;
 * files are kept one job after the other beside the run, so that a slow line holds up no test, and
 * a verdict goes as soon as its job's files are kept.
 */
final class Batch implements Listener {
  private static final Logger log = LoggerFactory.getLogger(Batch.class);

  private final Slot slot;
  private final Path folder;
  private final LeaseWatch leases;
  private final RunningJobs running;
  private final Begun begun;
  private final Reporter reporter;
  private final java.util.concurrent.Executor threads;
  private final LongSupplier nanoTime;
  private final Ward ward;
  private final Runnable installed;
  private boolean someBegan;
  private final Cancellation cancellation = new Cancellation();
  private final Map<String, RunningJob> open = new LinkedHashMap<>();
  private final List<CompletableFuture<Void>> told = new ArrayList<>();
  private CompletableFuture<Void> kept = CompletableFuture.completedFuture(null);

  Batch(
      Slot slot,
      Path folder,
      LeaseWatch leases,
      RunningJobs running,
      Begun begun,
      Reporter reporter,
      java.util.concurrent.Executor threads,
      LongSupplier nanoTime,
      Ward ward,
      Runnable installed) {
    this.slot = slot;
    this.folder = folder;
    this.leases = leases;
    this.running = running;
    this.begun = begun;
    this.reporter = reporter;
    this.threads = threads;
    this.nanoTime = nanoTime;
    this.ward = ward;
    this.installed = installed;
  }

  /** The claim that was first sent at {@code askedAt} brought this job. */
  synchronized void add(Grant grant, String token, long askedAt) {
    LiveLog live = reporter.liveLog(grant, token);
    RunningJob job = new RunningJob(grant, token, cancellation, live);
    if (open.putIfAbsent(grant.jobId(), job) == null) {
      leases.hold(job.lease(), askedAt);
      running.add(job);
    }
  }

  /** Runs all and returns when nothing of it is left: no process, no unsent report, no file. */
  void run(Executor executor) {
    Path own = null;
    try {
      List<Assignment> assignments = assignments();
      if (!assignments.isEmpty()) {
        own = Folders.createFree(folder);
        // what makes them ready is done for all of them: any of them may be bad for the worker
        assignments.forEach(assignment -> begun.add(assignment.jobId()));
        executor.run(assignments, new RunContext(slot, own, cancellation), this);
      }
    } catch (IOException | RuntimeException | Error e) {
      log.error("slot {}: running a batch failed", slot.id(), e);
      endRest("the worker could not run it: " + e);
    } finally {
      endRest("the worker lost sight of it");
      awaitReports();
      if (own != null) {
        tidy(own);
      }
    }
  }

  /** Stops all jobs that are not over. */
  void stop(StopCause cause, String reason) {
    rest().forEach(job -> running.stop(job.lease(), cause, reason));
  }

  private List<Assignment> assignments() {
    List<Assignment> assignments = new ArrayList<>();
    for (RunningJob job : rest()) {
      try {
        assignments.add(Assignment.of(job.grant()));
      } catch (IllegalArgumentException e) {
        onFinished(
            job.jobId(), new Outcome.SubmitterError(Details.NONE, String.valueOf(e.getMessage())));
      }
    }
    return assignments;
  }

  private synchronized List<RunningJob> rest() {
    return List.copyOf(open.values());
  }

  private void endRest(String message) {
    for (RunningJob job : rest()) {
      onFinished(job.jobId(), new Outcome.InfrastructureError(Details.NONE, message));
    }
  }

  @Override
  public void onStarted(String jobId) {
    log.debug("job {}: its spec runs", jobId);
    moved(jobId, true);
    begun.add(jobId);
    waiting().forEach(begun::remove);
    if (isFirst()) {
      installed.run();
    }
  }

  private synchronized boolean isFirst() {
    boolean first = !someBegan;
    someBegan = true;
    return first;
  }

  /** Those whose specs have not begun. */
  private synchronized List<String> waiting() {
    return open.values().stream().filter(job -> !job.started()).map(RunningJob::jobId).toList();
  }

  @Override
  public void onLog(String jobId, String line) {
    RunningJob job;
    synchronized (this) {
      job = open.get(jobId);
    }
    if (job != null) {
      job.live().add(line);
    }
    moved(jobId, false);
  }

  @Override
  public void onProgress(String jobId) {
    moved(jobId, false);
  }

  /** What is written while a job is made ready begins no watch: that has limits of its own. */
  private synchronized void moved(String jobId, boolean begins) {
    RunningJob job = open.get(jobId);
    if (job != null && (begins || job.started())) {
      job.moved(nanoTime.getAsLong());
    }
  }

  @Override
  public void onFinished(String jobId, Outcome outcome) {
    RunningJob job;
    CompletableFuture<Boolean> hostEvent;
    CompletableFuture<Void> done = new CompletableFuture<>();
    synchronized (this) {
      job = open.remove(jobId);
      if (job == null) {
        log.warn("job {}: ended twice, the second time with {}", jobId, outcome.message());
        return;
      }
      job.over();
      ward.attempted(slot.id(), outcome);
      hostEvent =
          Reports.brokeWithItsSlot(job, outcome)
              ? ward.hostEvent(slot)
              : CompletableFuture.completedFuture(false);
      told.add(done);
      if (!kept.isDone() || !outcome.details().artefacts().isEmpty()) {
        RunningJob over = job;
        kept = kept.thenRunAsync(() -> report(over, outcome, hostEvent, done), threads);
        return;
      }
    }
    // nothing to keep, so nothing that takes time
    report(job, outcome, hostEvent, done);
  }

  private void report(
      RunningJob job,
      Outcome outcome,
      CompletableFuture<Boolean> hostEvent,
      CompletableFuture<Void> done) {
    CompletableFuture<Void> report;
    begun.remove(job.jobId());
    try {
      report = reporter.report(job, outcome, hostEvent);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      report = CompletableFuture.completedFuture(null);
    } catch (RuntimeException | Error e) {
      // an exception that left here would keep the reports after this one from being sent
      report = CompletableFuture.failedFuture(e);
    }
    report.whenComplete(
        (nothing, failure) -> {
          if (failure != null) {
            log.error("job {}: its report failed", job.jobId(), failure);
          }
          leases.release(job.lease());
          running.remove(job);
          done.complete(null);
        });
  }

  private void awaitReports() {
    CompletableFuture<?>[] all;
    synchronized (this) {
      all = told.toArray(CompletableFuture[]::new);
    }
    CompletableFuture.allOf(all).join();
  }

  private void tidy(Path folder) {
    int left = Leftovers.endIn(folder);
    if (left > 0) {
      log.warn("slot {}: {} processes that a job left behind were ended", slot.id(), left);
    }
    try {
      Folders.remove(folder);
    } catch (IOException e) {
      log.warn("{} could not be removed: {}", folder, e.getMessage());
    }
  }
}
