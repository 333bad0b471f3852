package dev.qgjob.cli.watch;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import org.jspecify.annotations.Nullable;

/** What a run's end means for a pipeline. */
final class Verdict {
  private Verdict() {}

  static boolean reached(JobState state) {
    return switch (state) {
      case QUEUED, RUNNING -> false;
      case PASSED, FAILED, ERROR, CANCELLED, SKIPPED -> true;
    };
  }

  /** The same, as far as the submitter wants to hear of it. */
  static ExitCode of(RunView run, WaitOptions wishes) {
    ExitCode code = of(run);
    if (code == ExitCode.OK && wishes.failOnFlaky() && run.flaky()) {
      return ExitCode.TESTS_FAILED;
    }
    return code == ExitCode.TESTS_FAILED && wishes.ignoreFailures() ? ExitCode.OK : code;
  }

  /** The server's verdict as an exit code; they never disagree. */
  static ExitCode of(RunView run) {
    return switch (run.state()) {
      case PASSED -> ExitCode.OK;
      case FAILED -> ExitCode.TESTS_FAILED;
      case CANCELLED -> ExitCode.CANCELLED;
      case ERROR, SKIPPED -> error(run);
      case QUEUED, RUNNING -> ExitCode.STILL_RUNNING;
    };
  }

  /**
   * 15 where another try would change nothing, so too where nothing was tested; one fault of ours
   * is enough for 20.
   */
  private static ExitCode error(RunView run) {
    boolean theirs =
        run.jobs().stream()
            .filter(job -> job.state() == JobState.ERROR)
            .map(JobView::failureKind)
            .allMatch(Verdict::submittersOwn);
    return theirs && !run.jobs().isEmpty() ? ExitCode.INCONCLUSIVE : ExitCode.INFRASTRUCTURE;
  }

  private static boolean submittersOwn(@Nullable FailureKind kind) {
    return kind == FailureKind.SUBMITTER || kind == FailureKind.APP || kind == FailureKind.TEST;
  }
}
