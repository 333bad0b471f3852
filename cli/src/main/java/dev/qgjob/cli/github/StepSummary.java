package dev.qgjob.cli.github;

import dev.qgjob.cli.show.Failures;
import dev.qgjob.cli.show.JobText;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A run as Markdown for {@code $GITHUB_STEP_SUMMARY}. */
final class StepSummary {
  /** GitHub refuses a step's summary above 1 MiB as a whole. */
  static final int MOST_BYTES = 1_000_000;

  private static final int LONGEST_BLOCK = 8_000;

  private StepSummary() {}

  static String of(RunView run, @Nullable String url) {
    List<String> parts = new ArrayList<>();
    parts.add(head(run, url));
    parts.add("\n| verdict | spec | target | attempts | job |\n| --- | --- | --- | --- | --- |\n");
    run.jobs().forEach(job -> parts.add(row(job)));
    parts.add(
        "\nInstalls: **%d** (stock AppWright: %d)%s\n"
            .formatted(run.installs(), run.stockInstalls(), JobText.saved(run.savedS())));
    run.jobs().forEach(job -> parts.add(trouble(job)));
    return withinLimit(parts);
  }

  private static String head(RunView run, @Nullable String url) {
    String name = run.name() == null ? "run " + run.runId() : run.name();
    return "## %s qgjob: %s%s%n%n%s of %s build %d%n"
        .formatted(
            mark(run.state()),
            run.state(),
            run.flaky() ? " (flaky)" : "",
            url == null ? cell(name) : "[" + cell(name) + "](" + url + ")",
            cell(run.appVersionId()),
            run.build());
  }

  private static String mark(JobState state) {
    return switch (state) {
      case PASSED -> "✅";
      case FAILED -> "❌";
      case ERROR -> "💥";
      case CANCELLED -> "🚫";
      case SKIPPED -> "⏭️";
      case QUEUED, RUNNING -> "⏳";
    };
  }

  private static String row(JobView job) {
    return "| %s %s%s | %s | %s | %d | %s |%n"
        .formatted(
            mark(job.state()),
            job.state(),
            job.flaky() ? " (flaky)" : "",
            cell(job.title()),
            job.target(),
            job.attempt(),
            cell(job.jobId()));
  }

  private static String trouble(JobView job) {
    List<TestResult> tests = Failures.of(job);
    StringBuilder text = new StringBuilder();
    for (TestResult test : tests) {
      text.append("\n### ").append(cell(String.join(" > ", test.titlePath()))).append("\n\n");
      text.append(cell(test.file() + ":" + test.line())).append("\n\n");
      text.append(block(test.message())).append(block(test.codeFrame()));
    }
    boolean wrong = job.state() == JobState.ERROR || job.state() == JobState.FAILED;
    if (wrong && tests.isEmpty()) {
      String kind = job.failureKind() == null ? "" : " (" + job.failureKind() + ")";
      text.append("\n### ").append(cell(job.title())).append(kind).append("\n\n");
      text.append(block(job.message()));
    }
    return text.toString();
  }

  /** What comes last falls off; that something did is said. */
  private static String withinLimit(List<String> parts) {
    StringBuilder text = new StringBuilder();
    int bytes = 0;
    int left = parts.size();
    for (String part : parts) {
      bytes += part.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MOST_BYTES) {
        return text + "\n%d more parts are left out: GitHub shows 1 MiB%n".formatted(left);
      }
      text.append(part);
      left--;
    }
    return text.toString();
  }

  private static String block(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return "";
    }
    String cut = text.length() > LONGEST_BLOCK ? text.substring(0, LONGEST_BLOCK) + "…" : text;
    String fence = "```";
    while (cut.contains(fence)) {
      fence += "`";
    }
    return fence + "\n" + cut.stripTrailing() + "\n" + fence + "\n\n";
  }

  /** As text: nothing of it is Markdown or HTML. */
  private static String cell(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ') {
        plain.append(' ');
      } else if (c == '<') {
        plain.append("&lt;");
      } else if ("\\`*_{}[]()#+!|~&>".indexOf(c) >= 0) {
        plain.append(String.format(Locale.ROOT, "&#%d;", (int) c));
      } else {
        plain.append(c);
      }
    }
    return plain.toString();
  }
}
