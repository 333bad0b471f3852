package dev.qgjob.domain.simulation;

import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Requeue;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.lease.JobStore;
import dev.qgjob.domain.report.AttemptReport;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.report.TestRef;
import dev.qgjob.domain.submit.Build;
import dev.qgjob.domain.testing.InMemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A job store with one thing left out. */
final class MutantJobStore implements JobStore {
  private final InMemoryStore rows;
  private final Mutant mutant;
  private final Duration ahead;

  /**
   * @param ahead how far the clock of the mutant's machine is ahead of the database's
   */
  MutantJobStore(InMemoryStore rows, Mutant mutant, Duration ahead) {
    this.rows = rows;
    this.mutant = mutant;
    this.ahead = ahead;
  }

  @Override
  public Instant now() {
    return rows.now();
  }

  @Override
  public Optional<Job> find(String jobId) {
    return rows.find(jobId);
  }

  @Override
  public List<Job> ofRun(String runId) {
    return rows.ofRun(runId);
  }

  @Override
  public boolean replace(Job before, Job after, LeaseGuard guard) {
    return switch (mutant) {
      case GUARD_OF_NOTHING ->
          rows.replace(rows.find(before.id()).orElseThrow(), after, LeaseGuard.ANY);
      case GUARD_WITHOUT_LEASE -> rows.replace(before, after, LeaseGuard.ANY);
      case SWEEP_BY_ANOTHER_CLOCK ->
          rows.replace(before, after, guard == LeaseGuard.EXPIRED ? LeaseGuard.ANY : guard);
      default -> rows.replace(before, after, guard);
    };
  }

  @Override
  public List<Waiting> waiting(GroupKey group, String slotId, int most) {
    return rows.waiting(group, slotId, most);
  }

  @Override
  public int queuedOn(Target target, int most) {
    return rows.queuedOn(target, most);
  }

  @Override
  public Map<String, Integer> runningOn(Target target) {
    return rows.runningOn(target);
  }

  @Override
  public List<Job> underToken(String token) {
    return rows.underToken(token);
  }

  @Override
  public boolean isHeld(String token) {
    return rows.isHeld(token);
  }

  @Override
  public Set<String> renew(
      String workerId, long incarnation, Collection<String> tokens, Duration lease) {
    Set<String> alive = new HashSet<>(rows.renew(workerId, incarnation, tokens, lease));
    if (mutant == Mutant.BEAT_THAT_REVIVES) {
      for (Job job : rows.all()) {
        Lease held = job.lease();
        if (held != null && tokens.contains(held.token()) && alive.add(job.id())) {
          rows.lease(job, now().plus(lease));
        }
      }
    }
    return alive;
  }

  @Override
  public List<Job> expired(int most) {
    if (mutant == Mutant.NO_SWEEP_OF_LEASES) {
      return List.of();
    }
    if (mutant != Mutant.SWEEP_BY_ANOTHER_CLOCK) {
      return rows.expired(most);
    }
    List<Job> expired = new ArrayList<>();
    for (Job job : rows.all()) {
      Lease held = job.lease();
      if (job.state() == JobState.RUNNING
          && held != null
          && !held.until().isAfter(now().plus(ahead))) {
        expired.add(job);
      }
    }
    return expired;
  }

  @Override
  public List<Job> leasedBefore(String workerId, long incarnation) {
    return rows.leasedBefore(workerId, incarnation);
  }

  @Override
  public void attemptStarted(Job running) {
    try {
      rows.attemptStarted(running);
    } catch (IllegalStateException e) {
      if (mutant != Mutant.GUARD_OF_NOTHING) {
        throw e;
      }
    }
  }

  @Override
  public boolean attemptEnded(String jobId, Transition.EndedAttempt ended, AttemptReport report) {
    return rows.attemptEnded(jobId, ended, report) || mutant == Mutant.GUARD_OF_NOTHING;
  }

  @Override
  public void requeued(Requeue requeue) {
    rows.requeued(requeue);
  }

  @Override
  public List<Requeue> lostAt(Collection<String> slotIds, Instant after) {
    return rows.lostAt(slotIds, after);
  }

  @Override
  public List<Requeue> requeues(String jobId) {
    return rows.requeues(jobId);
  }

  @Override
  public Optional<Ending> recorded(String jobId, long generation, String token) {
    return rows.recorded(jobId, generation, token);
  }

  @Override
  public Map<String, List<TestRef>> failedTests(Collection<String> jobIds) {
    return rows.failedTests(jobIds);
  }

  @Override
  public Optional<Run> run(String runId) {
    return rows.run(runId);
  }

  @Override
  public Optional<Build> build(GroupKey group) {
    return rows.build(group);
  }
}
