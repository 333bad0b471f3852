package dev.qgjob.worker.slot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.lease.Grant;
import dev.qgjob.worker.run.Cancellation;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunningJobsTest {
  private final RunningJobs jobs = new RunningJobs();

  @Test
  void aJobThatIsGrantedAfterAllWereStoppedNeverRuns() {
    jobs.stopAll(StopCause.LEASE_LOST, "the worker has to register anew");
    RunningJob late = granted();

    jobs.add(late);

    assertThat(late.stopped().orElseThrow().cause()).isEqualTo(StopCause.LEASE_LOST);
  }

  private static RunningJob granted() {
    return new RunningJob(
        new Grant("j1", "r1", 1, 1, null, List.of()),
        "token",
        new Cancellation(),
        LiveLogTest.ofNobody());
  }

  @Test
  void aJobThatIsGrantedBeforeThatRuns() {
    RunningJob early = granted();

    jobs.add(early);

    assertThat(early.stopped()).isEmpty();
  }
}
