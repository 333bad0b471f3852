package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.event.JobChanged;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Bus;
import dev.qgjob.domain.placement.Nudge;
import dev.qgjob.scheduler.event.Announcer;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects what a transaction says and passes it on after the commit, and never otherwise. */
final class NudgeAfterCommit implements Nudge {
  private final TransactionSynchronizationRegistry transactions;
  private final Wakeups wakeups;
  private final Announcer announcer;

  NudgeAfterCommit(
      TransactionSynchronizationRegistry transactions, Wakeups wakeups, Announcer announcer) {
    this.transactions = transactions;
    this.wakeups = wakeups;
    this.announcer = announcer;
  }

  @Override
  public void workChanged(Target target) {
    said().targets.add(target);
  }

  @Override
  public void workDue(Target target, Duration after) {
    said().due.computeIfAbsent(target, t -> new HashSet<>()).add(after);
  }

  @Override
  public void stop(String workerId, String jobId, long generation) {
    said().stops.add(new Bus.Dispatch.Stop(workerId, jobId, generation));
  }

  @Override
  public void jobChanged(Job job) {
    said().changes.add(JobChanged.of(job));
  }

  /** What the current transaction has said so far. */
  private Said said() {
    if (transactions.getResource(Said.class) instanceof Said said) {
      return said;
    }
    Said said = new Said();
    transactions.putResource(Said.class, said);
    transactions.registerInterposedSynchronization(said);
    return said;
  }

  private final class Said implements Synchronization {
    final Set<Target> targets = EnumSet.noneOf(Target.class);
    final Map<Target, Set<Duration>> due = new EnumMap<>(Target.class);
    final List<Bus.Dispatch> stops = new ArrayList<>();
    final List<JobChanged> changes = new ArrayList<>();

    @Override
    public void beforeCompletion() {}

    @Override
    public void afterCompletion(int status) {
      if (status != Status.STATUS_COMMITTED) {
        return;
      }
      if (!targets.isEmpty()) {
        wakeups.changed(targets);
      }
      due.forEach((target, all) -> all.forEach(after -> wakeups.due(target, after)));
      if (!stops.isEmpty()) {
        wakeups.stopped(List.copyOf(stops));
      }
      if (!changes.isEmpty()) {
        announcer.announce(List.copyOf(changes));
      }
    }
  }
}
