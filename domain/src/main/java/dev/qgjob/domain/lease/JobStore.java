package dev.qgjob.domain.lease;

import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Requeue;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.report.AttemptReport;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.submit.Build;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Outbound: jobs and attempts. Every write that moves a job is one guarded update; the count of
 * rows is the referee. Calls run in the transaction of the desk's caller.
 */
public interface JobStore {
  /** The store's clock, the only one that leases know. */
  Instant now();

  Optional<Job> find(String jobId);

  List<Job> ofRun(String runId);

  /**
   * Writes {@code after} where id, generation, state and lease token are still those of {@code
   * before}, and the lease is as the guard asks by the store's clock at that moment.
   *
   * @return false if somebody else was first; nothing is written then
   */
  boolean replace(Job before, Job after, LeaseGuard guard);

  /** Queued jobs of a group in the order of their release, interrupted ones first. */
  List<Job> waiting(GroupKey group, int most);

  /** Jobs that run under this token. */
  List<Job> underToken(String token);

  /**
   * Sets the lease's end for the jobs that run under these tokens, this worker and incarnation, and
   * whose lease has not run out: in one statement. A beat never revives an expired lease.
   *
   * @return ids of the jobs whose lease is alive now
   */
  Set<String> renew(String workerId, long incarnation, Collection<String> tokens, Duration lease);

  /** Running jobs whose lease ran out, oldest first. */
  List<Job> expired(int most);

  /** Running jobs of a worker under an incarnation before this one. */
  List<Job> leasedBefore(String workerId, long incarnation);

  /** Notes the beginning of an attempt. */
  void attemptStarted(Job running);

  /** Records an attempt's result under (job, number); false if there is one already. */
  boolean attemptEnded(String jobId, Transition.EndedAttempt ended, AttemptReport report);

  /** Notes that a job was queued again, and why. */
  void requeued(Requeue requeue);

  /** How often a job was queued again, and why, in order. */
  List<Requeue> requeues(String jobId);

  /** The result recorded for an attempt under this token, if any. */
  Optional<Ending> recorded(String jobId, long generation, String token);

  Optional<Run> run(String runId);

  Optional<Build> build(GroupKey group);

  /** What must hold of the lease at the moment of the write. */
  enum LeaseGuard {
    ANY,
    /** not run out yet */
    LIVE,
    /** run out */
    EXPIRED
  }
}
