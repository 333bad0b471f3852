package dev.qgjob.domain.lease;

import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobEvent;
import dev.qgjob.domain.job.JobMachine;
import dev.qgjob.domain.job.Requeue;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.placement.Nudge;
import dev.qgjob.domain.report.AttemptReport;
import java.time.Instant;
import java.util.Optional;

/**
 * Carries an event out on a stored job: decide, write under the guard, record what ended. Where
 * somebody else was first the decision is taken anew on what is there now.
 */
public final class JobMoves {
  /** Each lost race means that another made progress; more than this means a bug. */
  private static final int MOST_RACES = 8;

  private final JobStore jobs;
  private final Nudge nudge;

  public JobMoves(JobStore jobs, Nudge nudge) {
    this.jobs = jobs;
    this.nudge = nudge;
  }

  /** Applies the event; empty if there is no such job. */
  public Optional<Transition> move(String jobId, JobEvent event, JobStore.LeaseGuard guard) {
    return move(jobId, event, guard, AttemptReport.NONE);
  }

  /** Applies the event; {@code report} is kept with the attempt that it ends. */
  public Optional<Transition> move(
      String jobId, JobEvent event, JobStore.LeaseGuard guard, AttemptReport report) {
    for (int race = 0; race < MOST_RACES; race++) {
      Optional<Job> found = jobs.find(jobId);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      Job before = found.get();
      Instant now = jobs.now();
      Transition transition = JobMachine.apply(before, event, now);
      if (transition instanceof Transition.Next next) {
        if (!jobs.replace(before, next.job(), guard)) {
          if (guard == JobStore.LeaseGuard.ANY) {
            continue;
          }
          return Optional.of(new Transition.Refused(Transition.Refusal.FENCED));
        }
        record(before, next, report);
        noteIfQueuedAgain(before, next.job(), event, now);
      }
      return Optional.of(transition);
    }
    throw new IllegalStateException(jobId + ": lost " + MOST_RACES + " races for one event");
  }

  private void record(Job before, Transition.Next next, AttemptReport report) {
    next.ended().ifPresent(ended -> recordEnd(before.id(), ended, report));
    nudge.workChanged(before.group().target());
  }

  private void noteIfQueuedAgain(Job before, Job after, JobEvent event, Instant now) {
    if (after.generation() > before.generation()) {
      jobs.requeued(Requeue.of(before, after, event, now));
    }
  }

  private void recordEnd(String jobId, Transition.EndedAttempt ended, AttemptReport report) {
    if (!jobs.attemptEnded(jobId, ended, report)) {
      throw new IllegalStateException(
          jobId + ": attempt " + ended.number() + " has a result already");
    }
  }
}
