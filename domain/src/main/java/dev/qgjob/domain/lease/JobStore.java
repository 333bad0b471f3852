package dev.qgjob.domain.lease;

import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Requeue;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.report.AttemptReport;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.report.TestRef;
import dev.qgjob.domain.submit.Build;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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

  /**
   * Those of these jobs that are there, in the order of their ids. Until the transaction ends
   * nobody else can write them, so that what is decided on them and on {@link #now}, asked after
   * this, still holds when it is written.
   */
  default List<Job> lock(Collection<String> jobIds) {
    return jobIds.stream().distinct().sorted().flatMap(id -> find(id).stream()).toList();
  }

  /**
   * As {@link #lock}, without those that somebody else has locked: nobody waits here, and two who
   * choose from the same jobs at once get different ones.
   */
  default List<Job> lockFree(Collection<String> jobIds) {
    return lock(jobIds);
  }

  /**
   * Writes moves of jobs that this transaction has {@linkplain #lock locked}, with the attempts
   * that they begin and end, in as few statements as the store can.
   *
   * @throws IllegalStateException where a job is not as it was when it was locked, or an attempt
   *     has a result already
   */
  default void moveLocked(List<Move> moves) {
    for (Move move : moves) {
      if (!replace(move.before(), move.after(), LeaseGuard.ANY)) {
        throw new IllegalStateException(move.before().id() + " was locked and has changed");
      }
      if (move.begins()) {
        attemptStarted(move.after());
      }
      move.ended()
          .ifPresent(
              ended -> {
                if (!attemptEnded(move.before().id(), ended, move.report())) {
                  throw new IllegalStateException(
                      move.before().id() + ": attempt " + ended.number() + " has a result already");
                }
              });
    }
  }

  /**
   * A move of one job.
   *
   * @param ended the attempt that it ended, if any
   * @param report what is kept with that attempt
   * @param at when it was decided, by the store's clock
   */
  record Move(
      Job before,
      Job after,
      Optional<Transition.EndedAttempt> ended,
      AttemptReport report,
      Instant at) {
    /** True where it begins an attempt. */
    public boolean begins() {
      return after.state() == JobState.RUNNING && before.state() != JobState.RUNNING;
    }
  }

  /**
   * A queued job as others see it that choose: enough to lock it, and to know what it runs with.
   */
  record Waiting(String id, String runId) {}

  /**
   * Queued jobs of a group that this slot could take now, in the order of their release: they are
   * due, were not handed to another slot, and were never interrupted.
   */
  List<Waiting> waiting(GroupKey group, String slotId, int most);

  /** How many jobs are queued for a target, of all groups; no more than so many are counted. */
  int queuedOn(Target target, int most);

  /** How many jobs run on each slot of a target; slots without any are left out. */
  Map<String, Integer> runningOn(Target target);

  /** Jobs that run under this token. */
  List<Job> underToken(String token);

  /** Whether any job runs under this token. */
  boolean isHeld(String token);

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

  /** Requeues for a lease that was lost at one of these slots after this moment. */
  List<Requeue> lostAt(Collection<String> slotIds, Instant after);

  /** The result recorded for an attempt under this token, if any. */
  Optional<Ending> recorded(String jobId, long generation, String token);

  /**
   * The tests that went wrong in the latest attempt of each of these jobs that ended as failed, by
   * job id; a job without such an attempt, or of which no test is to blame, is missing.
   */
  Map<String, List<TestRef>> failedTests(Collection<String> jobIds);

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
