package dev.qgjob.cli.show;

import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.protocol.report.JobView;
import java.util.List;

/** Which tests are to blame. */
public final class Failures {
  private Failures() {}

  /** Those that went wrong in the end; none in a job that passed. */
  public static List<TestResult> of(JobView job) {
    return job.state() == JobState.PASSED
        ? List.of()
        : Results.of(job).stream().filter(Failures::wentWrong).toList();
  }

  /** Neither passed nor skipped. */
  static boolean wentWrong(TestResult test) {
    return test.status() != TestStatus.PASSED && test.status() != TestStatus.SKIPPED;
  }
}
