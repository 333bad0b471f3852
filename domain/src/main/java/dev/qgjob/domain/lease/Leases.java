package dev.qgjob.domain.lease;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobEvent;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.report.AttemptReport;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.report.TestRef;
import dev.qgjob.domain.submit.Build;
import java.time.Duration;
import java.util.List;

/** Inbound: claims and finishes of workers. Thread-safe; each call is one transaction. */
public interface Leases {
  ClaimResult claim(Caller worker, ClaimRequest request);

  FinishResult finish(Caller worker, String jobId, FinishRequest request);

  /**
   * Several finishes in one transaction; each has its own answer, as if it had been told alone.
   *
   * @return the answers, in the order of the finishes
   */
  List<FinishResult> finishAll(Caller worker, List<JobFinish> finishes);

  /** The end of an attempt of a job. */
  record JobFinish(String jobId, FinishRequest request) {}

  /**
   * A free slot asks for a job, and for up to {@code most} of its group.
   *
   * @param token chosen by the worker: the same token gets the same grant again
   * @param shared the message came over the target's shared queue, so the broker pinned its group
   */
  record ClaimRequest(
      long incarnation,
      String slotId,
      String jobId,
      long generation,
      String token,
      int most,
      boolean shared) {}

  /** What came of a claim. */
  sealed interface ClaimResult {
    record Granted(Duration lease, List<Grant> grants) implements ClaimResult {
      public Granted {
        grants = List.copyOf(grants);
      }
    }

    /** The message is of no use any more; drop it. */
    record Lost(Transition.Refusal why) implements ClaimResult {}

    /** The worker or slot is not registered under this incarnation: register anew. */
    record NotRegistered(String what) implements ClaimResult {}

    record UnknownJob(String jobId) implements ClaimResult {}
  }

  /**
   * A lease on one attempt, with what is needed to run it.
   *
   * @param only the tests that it is about; empty: all of the spec
   */
  record Grant(Job job, Run run, Build build, List<TestRef> only) {
    public Grant {
      only = List.copyOf(only);
    }
  }

  /**
   * The end of an attempt.
   *
   * @param hostEvent as in {@link JobEvent.Finished}
   */
  record FinishRequest(
      long generation, String token, Ending ending, AttemptReport report, boolean hostEvent) {
    public FinishRequest(long generation, String token, Ending ending, AttemptReport report) {
      this(generation, token, ending, report, false);
    }

    JobEvent.Finished event() {
      return new JobEvent.Finished(generation, token, ending, hostEvent);
    }
  }

  /** What came of a finish. */
  sealed interface FinishResult {
    /** Recorded, now or by an earlier copy of the same report. */
    record Recorded(Job job) implements FinishResult {}

    record Fenced(Transition.Refusal why) implements FinishResult {}

    record UnknownJob(String jobId) implements FinishResult {}
  }
}
