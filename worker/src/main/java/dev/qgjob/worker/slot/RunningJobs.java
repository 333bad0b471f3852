package dev.qgjob.worker.slot;

import dev.qgjob.protocol.fleet.LeaseRef;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All granted jobs of the worker, by lease: where a stop finds its job. Thread-safe. */
public final class RunningJobs {
  private static final Logger log = LoggerFactory.getLogger(RunningJobs.class);

  private final Map<LeaseRef, RunningJob> byLease = new ConcurrentHashMap<>();

  /** Written before all are looked through, read after one was added: none slips between. */
  private volatile RunningJob.@Nullable Stop end;

  /** A job whose claim was answered after all were stopped is stopped before it starts. */
  void add(RunningJob job) {
    byLease.put(job.lease(), job);
    RunningJob.Stop late = end;
    if (late != null) {
      stop(job, late.cause(), late.reason());
    }
  }

  void remove(RunningJob job) {
    byLease.remove(job.lease());
  }

  /** Stops the job that runs under this lease, if it still does. */
  public void stop(LeaseRef lease, StopCause cause, String reason) {
    RunningJob job = byLease.get(lease);
    if (job != null) {
      stop(job, cause, reason);
    }
  }

  /** Stops a job by its id; {@code generation} null: whichever. */
  public void stop(String jobId, @Nullable Long generation, StopCause cause, String reason) {
    for (RunningJob job : byLease.values()) {
      if (job.jobId().equals(jobId)
          && (generation == null || generation == job.lease().generation())) {
        stop(job, cause, reason);
      }
    }
  }

  /** Stops what has started and made no progress for so long. */
  public void stopSilent(Duration time, long now) {
    for (RunningJob job : byLease.values()) {
      if (job.silentFor(time, now)) {
        stop(
            job,
            StopCause.NO_PROGRESS,
            "no output and no test event for "
                + time.toSeconds()
                + " s: it was taken for hung and ended (the worker's --progress-timeout)");
      }
    }
  }

  /** Stops all, and whatever is added from now on. */
  public void stopAll(StopCause cause, String reason) {
    end = new RunningJob.Stop(cause, reason);
    byLease.values().forEach(job -> stop(job, cause, reason));
  }

  private static void stop(RunningJob job, StopCause cause, String reason) {
    if (job.stop(cause, reason)) {
      log.info("job {}: stopping it: {}", job.jobId(), reason);
    }
  }

  /** How many jobs are claimed and not reported yet. */
  public int count() {
    return byLease.size();
  }
}
