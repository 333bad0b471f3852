package dev.qgjob.worker.slot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.lease.Finish;
import dev.qgjob.protocol.lease.Grant;
import dev.qgjob.worker.run.Cancellation;
import dev.qgjob.worker.run.Details;
import dev.qgjob.worker.run.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportsTest {
  private static Finish report(Duration run) {
    RunningJob job =
        new RunningJob(
            new Grant("j1", "r1", 1, 1, null, List.of()),
            "token",
            new Cancellation(),
            LiveLogTest.ofNobody());
    Details details = new Details(List.of(), List.of(), 0, 1, Duration.ZERO, run, List.of());
    return Reports.of(job, new Outcome.Passed(details), List.of(), false);
  }

  @Test
  void aRunOfLessThanAMillisecondIsARunAndNotNone() {
    assertThat(report(Duration.ofNanos(40_000)).runMs()).isEqualTo(1);
    assertThat(report(Duration.ofMillis(7)).runMs()).isEqualTo(7);
    assertThat(report(Duration.ZERO).runMs()).isZero();
  }
}
