package dev.qgjob.scheduler.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.event.JobChanged;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Bus;
import jakarta.transaction.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class NudgeAfterCommitTest {
  private static final Job JOB =
      Job.queued(
          "job_1",
          "run_1",
          new GroupKey("org", "1.0", 1, Target.DEVICE),
          "a.spec.js",
          0,
          0,
          Instant.EPOCH);

  private final OneTransaction transaction = new OneTransaction();
  private final List<Set<Target>> changed = new ArrayList<>();
  private final List<String> due = new ArrayList<>();
  private final List<List<Bus.Dispatch>> stopped = new ArrayList<>();
  private final List<List<JobChanged>> announced = new ArrayList<>();
  private final NudgeAfterCommit nudge =
      new NudgeAfterCommit(
          transaction,
          new Wakeups() {
            @Override
            public void changed(Set<Target> targets) {
              changed.add(targets);
            }

            @Override
            public void due(Target target, Duration after) {
              due.add(target + " " + after);
            }

            @Override
            public void stopped(List<Bus.Dispatch> stops) {
              stopped.add(stops);
            }
          },
          announced::add);

  @Test
  void nothingIsSaidBeforeTheCommit() {
    nudge.workChanged(Target.DEVICE);
    nudge.stop("w1", "job_1", 1);
    assertThat(changed).isEmpty();
    assertThat(stopped).isEmpty();
  }

  @Test
  void aCommitSaysAllOfItOnce() {
    nudge.workChanged(Target.DEVICE);
    nudge.workChanged(Target.DEVICE);
    nudge.workChanged(Target.EMULATOR);
    nudge.stop("w1", "job_1", 1);
    nudge.jobChanged(JOB);
    transaction.end(Status.STATUS_COMMITTED);
    assertThat(announced).containsExactly(List.of(JobChanged.of(JOB)));
    assertThat(changed).containsExactly(Set.of(Target.DEVICE, Target.EMULATOR));
    assertThat(stopped).containsExactly(List.of(new Bus.Dispatch.Stop("w1", "job_1", 1)));
  }

  @Test
  void eachMomentIsSaid() {
    nudge.workDue(Target.DEVICE, Duration.ofSeconds(9));
    nudge.workDue(Target.DEVICE, Duration.ofSeconds(3));
    nudge.workDue(Target.DEVICE, Duration.ofSeconds(5));
    assertThat(due).isEmpty();
    transaction.end(Status.STATUS_COMMITTED);
    assertThat(due).containsExactlyInAnyOrder("DEVICE PT9S", "DEVICE PT3S", "DEVICE PT5S");
  }

  @Test
  void aRollbackSaysNothing() {
    nudge.workChanged(Target.DEVICE);
    nudge.stop("w1", "job_1", 1);
    nudge.jobChanged(JOB);
    transaction.end(Status.STATUS_ROLLEDBACK);
    assertThat(changed).isEmpty();
    assertThat(announced).isEmpty();
    assertThat(stopped).isEmpty();
  }
}
