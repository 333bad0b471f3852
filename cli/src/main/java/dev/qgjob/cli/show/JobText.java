package dev.qgjob.cli.show;

import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.protocol.report.AttemptView;
import dev.qgjob.protocol.report.JobView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A job in words. */
public final class JobText {
  private JobText() {}

  /** All that there is to know about it. */
  static String whole(JobView job) {
    StringBuilder text = new StringBuilder();
    line(text, "job", job.jobId() + " of run " + job.runId());
    line(text, "test", job.title() + " (project " + job.project() + ")");
    line(text, "app", job.orgId() + "/" + job.appVersionId() + " build " + job.build());
    line(text, "state", verdict(job) + because(job));
    line(text, "target", job.target() + (job.slotId() == null ? "" : " on " + job.slotId()));
    if (job.waitingFor() != null && job.state() == JobState.QUEUED) {
      line(text, "waits for", job.waitingFor());
    }
    line(text, "created", job.createdAt() + took(job).map(time -> ", ran " + time).orElse(""));
    for (String note : notes(job)) {
      line(text, "note", note);
    }
    job.attempts().forEach(attempt -> attempt(text, attempt));
    return text.toString();
  }

  /** What attempts that disagree tell, a line each. */
  static List<String> notes(JobView job) {
    List<String> notes = new ArrayList<>();
    if (Boolean.TRUE.equals(job.stateLeak())) {
      notes.add(
          "state leak: passes on a new install alone, and gets one for every test from now on;"
              + " --reset=clear-data forgets that");
    }
    if (job.doubtedSlots() != null) {
      notes.add(
          "failed on "
              + String.join(", ", job.doubtedSlots())
              + " and passed on "
              + job.slotId()
              + ": the slot may be to blame");
    }
    return notes;
  }

  /** {@code failed}, {@code passed (flaky)}. */
  static String verdict(JobView job) {
    return job.state() + (job.flaky() ? " (flaky)" : "");
  }

  private static String because(JobView job) {
    boolean open = job.state() == JobState.QUEUED || job.state() == JobState.RUNNING;
    String kind = job.failureKind() == null ? "" : " (" + job.failureKind() + ")";
    // of an open job they are those of the attempt before, which another one may mend
    String whose = open && !kind.isEmpty() ? "; the attempt before ended" : "";
    return whose + kind + (job.message() == null ? "" : ": " + job.message());
  }

  /** How long its last attempt ran, or runs no more. */
  static Optional<String> took(JobView job) {
    return between(job.startedAt(), job.finishedAt());
  }

  private static Optional<String> between(@Nullable Instant from, @Nullable Instant to) {
    if (from == null || to == null) {
      return Optional.empty();
    }
    return Optional.of(seconds(Duration.between(from, to).toMillis()));
  }

  private static String seconds(long millis) {
    return "%d.%d s".formatted(millis / 1000, millis % 1000 / 100);
  }

  /** {@code 4 passed, 1 failed}. */
  static String tally(JobView job) {
    Map<TestStatus, Integer> counts = new EnumMap<>(TestStatus.class);
    Results.of(job).forEach(test -> counts.merge(test.status(), 1, Integer::sum));
    return counts.entrySet().stream()
        .map(count -> count.getValue() + " " + count.getKey())
        .collect(Collectors.joining(", "));
  }

  private static void attempt(StringBuilder text, AttemptView attempt) {
    String kind = attempt.failureKind() == null ? "" : " (" + attempt.failureKind() + ")";
    line(
        text,
        "attempt " + attempt.number(),
        attempt.outcome()
            + kind
            + (attempt.slotId() == null ? "" : " on " + attempt.slotId())
            + between(attempt.startedAt(), attempt.finishedAt()).map(t -> " in " + t).orElse("")
            + ", "
            + installs(attempt.installs(), attempt.stockInstalls()));
    attempt.tests().forEach(test -> text.append(test(test)));
    attempt
        .artefacts()
        .forEach(
            file ->
                text.append("  kept ")
                    .append(file.name())
                    .append(", ")
                    .append(file.size())
                    .append(" bytes\n"));
  }

  /** A test, and what went wrong with it. */
  static String test(TestResult test) {
    StringBuilder text = new StringBuilder();
    text.append(
        "  %-11s %s (%s:%d, %s)%n"
            .formatted(
                test.status(),
                String.join(" > ", test.titlePath()),
                test.file(),
                test.line(),
                seconds(test.durationMs())));
    if (test.message() != null) {
      text.append(test.message().strip().indent(14));
    }
    if (test.codeFrame() != null) {
      text.append(test.codeFrame().stripTrailing().indent(14));
    }
    return text.toString();
  }

  /** {@code 4.5 min}, or nothing where it is not known. */
  static String minutes(@Nullable Long seconds) {
    return seconds == null ? "" : String.format(java.util.Locale.ROOT, "%.1f min", seconds / 60.0);
  }

  /** What was installed. */
  static String installs(int made, int stock) {
    return "installs " + made + " (stock AppWright: " + stock + ")";
  }

  /** What was installed, and what grouping saved. */
  static String installs(int made, int stock, @Nullable Long savedS) {
    return installs(made, stock) + saved(savedS);
  }

  /** {@code , about 4.5 min saved}, or nothing where it is not known. */
  public static String saved(@Nullable Long seconds) {
    return seconds == null ? "" : ", about " + minutes(seconds) + " saved";
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("%-10s %s%n".formatted(name, value));
  }
}
