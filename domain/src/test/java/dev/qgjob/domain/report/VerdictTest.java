package dev.qgjob.domain.report;

import static dev.qgjob.domain.job.JobState.CANCELLED;
import static dev.qgjob.domain.job.JobState.ERROR;
import static dev.qgjob.domain.job.JobState.FAILED;
import static dev.qgjob.domain.job.JobState.PASSED;
import static dev.qgjob.domain.job.JobState.QUEUED;
import static dev.qgjob.domain.job.JobState.RUNNING;
import static dev.qgjob.domain.job.JobState.SKIPPED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.job.JobState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What many jobs come to. */
final class VerdictTest {
  private static JobState of(JobState... jobs) {
    return Verdict.ofRun(List.of(jobs));
  }

  @Test
  void theWorstCounts() {
    assertThat(of(PASSED, FAILED, ERROR)).isEqualTo(ERROR);
    assertThat(of(PASSED, FAILED, CANCELLED)).isEqualTo(FAILED);
    assertThat(of(PASSED, CANCELLED)).isEqualTo(CANCELLED);
  }

  @Test
  void thereIsNoneWhileAJobIsOpen() {
    assertThat(of(QUEUED, QUEUED)).isEqualTo(QUEUED);
    assertThat(of(QUEUED, PASSED)).isEqualTo(RUNNING);
    assertThat(of(RUNNING, FAILED)).isEqualTo(RUNNING);
  }

  @Test
  void whatWasSkippedCountsForNothingUnlessItWasAll() {
    assertThat(of(SKIPPED, PASSED)).isEqualTo(PASSED);
    assertThat(of(SKIPPED, FAILED)).isEqualTo(FAILED);
    assertThat(of(SKIPPED, SKIPPED)).isEqualTo(ERROR);
  }
}
