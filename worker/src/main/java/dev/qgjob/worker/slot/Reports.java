package dev.qgjob.worker.slot;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.lease.Finish;
import dev.qgjob.worker.run.Details;
import dev.qgjob.worker.run.Outcome;
import dev.qgjob.worker.slot.RunningJob.Stop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How an outcome reads as a report. */
final class Reports {
  /** Most characters of a message or code frame: a report must pass any sensible body limit. */
  private static final int MOST_TEXT = 8_192;

  private static final int MOST_LINE = 1_024;
  private static final int MOST_TESTS = 5_000;

  private Reports() {}

  /** Whether the attempt broke with the slot that it ran on, and not for what it is itself. */
  static boolean brokeWithItsSlot(RunningJob job, Outcome outcome) {
    Optional<Stop> stopped = job.stopped();
    if (outcome instanceof Outcome.Cancelled) {
      return stopped.filter(stop -> stop.cause() == StopCause.SLOT_GONE).isPresent();
    }
    return outcome.brokeTheSlot();
  }

  /**
   * The report of an attempt; {@code remarks} are added to its message.
   *
   * @param hostEvent the host lost several slots at once, and this one among them
   */
  static Finish of(RunningJob job, Outcome outcome, List<String> remarks, boolean hostEvent) {
    Verdict verdict = verdict(job, outcome);
    Details details = outcome.details();
    List<String> notes = new ArrayList<>(details.notes());
    notes.addAll(remarks);
    if (hostEvent) {
      notes.add("its host lost several at once: not counted");
    }
    return new Finish(
        job.lease().generation(),
        job.lease().token(),
        verdict.state(),
        verdict.kind(),
        message(verdict.message(), notes),
        details.installs(),
        details.stockInstalls(),
        millis(details.setUp()),
        millis(details.run()),
        tests(details),
        hostEvent ? true : null);
  }

  /** Rounded up: what took less than a millisecond took some time, and 0 says that nothing ran. */
  private static long millis(Duration time) {
    return time.plusNanos(999_999).toMillis();
  }

  /** What is said instead when the server will not take the report as it is. */
  static Finish unreportable(RunningJob job, Finish refused, String reason) {
    return new Finish(
        refused.generation(),
        refused.token(),
        JobState.ERROR,
        FailureKind.INFRASTRUCTURE,
        cut("the result of job " + job.jobId() + " was refused: " + reason, MOST_LINE),
        refused.installs(),
        refused.stockInstalls(),
        refused.setUpMs(),
        refused.runMs(),
        List.of(),
        null);
  }

  private record Verdict(JobState state, @Nullable FailureKind kind, @Nullable String message) {}

  private static Verdict verdict(RunningJob job, Outcome outcome) {
    if (outcome instanceof Outcome.Passed) {
      return new Verdict(JobState.PASSED, null, null);
    }
    if (outcome instanceof Outcome.Skipped skipped) {
      return new Verdict(JobState.SKIPPED, null, skipped.message());
    }
    if (outcome instanceof Outcome.TestsFailed failed) {
      return new Verdict(JobState.FAILED, FailureKind.TEST, failed.message());
    }
    if (outcome instanceof Outcome.Cancelled cancelled) {
      return job.stopped().map(Reports::stopped).orElseGet(() -> unasked(cancelled.message()));
    }
    return new Verdict(
        JobState.ERROR, outcome.kind().orElse(FailureKind.INFRASTRUCTURE), outcome.message());
  }

  private static Verdict stopped(Stop stop) {
    return switch (stop.cause()) {
      case ASKED -> new Verdict(JobState.CANCELLED, null, stop.reason());
      case WORKER_ENDS, NO_PROGRESS, LEASE_LOST ->
          new Verdict(JobState.ERROR, FailureKind.INFRASTRUCTURE, stop.reason());
      case SLOT_GONE -> new Verdict(JobState.ERROR, FailureKind.TARGET, stop.reason());
    };
  }

  /** Only people cancel jobs; a run that stopped by itself is tried again. */
  private static Verdict unasked(String message) {
    return new Verdict(JobState.ERROR, FailureKind.INFRASTRUCTURE, message);
  }

  private static @Nullable String message(@Nullable String first, List<String> notes) {
    String all = String.join("; ", notes);
    if (first == null) {
      return all.isEmpty() ? null : cut(all, MOST_LINE);
    }
    return cut(all.isEmpty() ? first : first + "; " + all, MOST_LINE);
  }

  private static List<TestResult> tests(Details details) {
    return details.tests().stream()
        .limit(MOST_TESTS)
        .map(Reports::test)
        .collect(Collectors.toList());
  }

  private static TestResult test(TestResult test) {
    return new TestResult(
        test.titlePath(),
        test.file(),
        test.line(),
        test.column(),
        test.status(),
        test.durationMs(),
        test.message() == null ? null : cut(test.message(), MOST_TEXT),
        test.codeFrame() == null ? null : cut(test.codeFrame(), MOST_TEXT));
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }
}
