package dev.qgjob.domain.lease;

import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobEvent;
import dev.qgjob.domain.job.JobMachine;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Requeue;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.placement.Nudge;
import dev.qgjob.domain.report.AttemptReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
        nudgeWhenDue(next.job(), now);
        noteIfQueuedAgain(before, next.job(), event, now);
      }
      return Optional.of(transition);
    }
    throw new IllegalStateException(jobId + ": lost " + MOST_RACES + " races for one event");
  }

  /**
   * Applies an event to each of these jobs, all in one: under their locks, so that nobody is in
   * between. Costs a few statements however many they are.
   *
   * @param events what happens to a job as it is; null refuses it as fenced
   * @param reports what is kept with an attempt that ends, by job id
   * @return what came of each job that is there, by its id
   */
  public Map<String, Outcome> moveAll(
      Collection<String> jobIds,
      Function<Job, @Nullable JobEvent> events,
      Function<String, AttemptReport> reports) {
    List<Job> locked = jobs.lock(jobIds);
    return moveLocked(locked, jobs.now(), events, reports);
  }

  /**
   * As {@link #moveAll}, on jobs that this transaction has locked already.
   *
   * @param now by the store's clock, asked since it began to lock them
   */
  public Map<String, Outcome> moveLocked(
      List<Job> locked,
      Instant now,
      Function<Job, @Nullable JobEvent> events,
      Function<String, AttemptReport> reports) {
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    List<JobStore.Move> moves = new ArrayList<>();
    for (Job job : locked) {
      JobEvent event = events.apply(job);
      Transition transition =
          event == null
              ? new Transition.Refused(Transition.Refusal.FENCED)
              : JobMachine.apply(job, event, now);
      outcomes.put(job.id(), new Outcome(job, transition));
      if (event != null && transition instanceof Transition.Next next) {
        moves.add(new JobStore.Move(job, next.job(), next.ended(), reports.apply(job.id()), now));
        nudgeWhenDue(next.job(), now);
        noteIfQueuedAgain(job, next.job(), event, now);
      }
    }
    if (!moves.isEmpty()) {
      jobs.moveLocked(moves);
      Map<String, Boolean> held = new HashMap<>();
      for (JobStore.Move move : moves) {
        if (mayFreeRoom(move.before(), move.after(), held)) {
          nudge.workChanged(move.before().group().target());
        }
        nudge.jobChanged(move.after());
      }
    }
    return outcomes;
  }

  /** A job as it was, and what an event did to it. */
  public record Outcome(Job before, Transition transition) {}

  private void record(Job before, Transition.Next next, AttemptReport report) {
    next.ended().ifPresent(ended -> recordEnd(before.id(), ended, report));
    if (mayFreeRoom(before, next.job(), new HashMap<>())) {
      nudge.workChanged(before.group().target());
    }
    if (next.job().group().target() != before.group().target()) {
      nudge.workChanged(next.job().group().target());
    }
    nudge.jobChanged(next.job());
  }

  /**
   * False where a job has its verdict and its slot goes on with the rest of the claim: what that
   * changes for others, the timer finds soon enough.
   *
   * @param held tokens, and whether jobs run under them, as far as that was asked for
   */
  private boolean mayFreeRoom(Job before, Job after, Map<String, Boolean> held) {
    Lease lease = before.lease();
    return lease == null
        || !after.state().isVerdict()
        || !held.computeIfAbsent(lease.token(), jobs::isHeld);
  }

  /** What backs off is looked at when that is over. */
  private void nudgeWhenDue(Job after, Instant now) {
    Instant notBefore = after.notBefore();
    if (notBefore != null && notBefore.isAfter(now)) {
      nudge.workDue(after.group().target(), Duration.between(now, notBefore));
    }
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
