package dev.qgjob.worker.slot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.lease.Grant;
import dev.qgjob.worker.run.Cancellation;
import java.time.Duration;
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
    return granted(new Cancellation());
  }

  private static RunningJob granted(Cancellation cancellation) {
    return new RunningJob(
        new Grant("j1", "r1", 1, 1, null, List.of()),
        "token",
        cancellation,
        LiveLogTest.ofNobody());
  }

  /** Whoever runs it finds out whose doing that is; of what was asked to stop nobody has to. */
  @Test
  void aJobThatIsStoppedForItsSilenceIsKnownToHang() {
    Cancellation silent = new Cancellation();
    RunningJob job = granted(silent);
    job.moved(0);
    jobs.add(job);
    jobs.stopSilent(Duration.ofSeconds(600), Duration.ofSeconds(600).toNanos());
    job.stop(StopCause.ASKED, "not needed any more");
    assertThat(silent.hung("j1")).isTrue();
    assertThat(silent.reason("j1")).get().asString().contains("taken for hung");

    Cancellation asked = new Cancellation();
    granted(asked).stop(StopCause.ASKED, "not needed any more");
    assertThat(asked.reason("j1")).contains("not needed any more");
    assertThat(asked.hung("j1")).isFalse();
  }

  @Test
  void aJobThatIsGrantedBeforeThatRuns() {
    RunningJob early = granted();

    jobs.add(early);

    assertThat(early.stopped()).isEmpty();
  }
}
