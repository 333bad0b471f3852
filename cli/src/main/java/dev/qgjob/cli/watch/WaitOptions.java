package dev.qgjob.cli.watch;

import dev.qgjob.cli.Durations;
import dev.qgjob.cli.Failure;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.github.Github;
import dev.qgjob.cli.report.ReportFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How to wait, and what to make of the verdict. */
public final class WaitOptions {
  private static final Duration ABANDONED = Duration.ofMinutes(10);
  private static final Duration SOONEST = Duration.ofSeconds(60);

  @Option(
      names = "--wait-timeout",
      paramLabel = "DURATION",
      converter = Durations.class,
      description = "Give up waiting after this, with 124; the run goes on (default: never).")
  private @Nullable Duration limit;

  @Option(
      names = "--abandon-after",
      paramLabel = "DURATION",
      converter = Durations.class,
      description =
          "Of a run that is submitted here: cancel it when nothing has waited for it for so long,"
              + " 60s at least (default: 10m in CI without --wait-timeout, else never).")
  private @Nullable Duration abandonAfter;

  @Option(
      names = "--fail-fast",
      description = "Cancel what is left of the run as soon as a test has failed.")
  private boolean failFast;

  @Option(
      names = "--fail-on-flaky",
      description = "End with 10 also where a test passed only at a later attempt.")
  private boolean failOnFlaky;

  @Option(
      names = "--ignore-failures",
      description = "End with 0 where tests failed; other trouble keeps its code.")
  private boolean ignoreFailures;

  @Option(
      names = "--output-style",
      paramLabel = "auto|bar|lines|summary",
      description =
          "How the wait is shown: auto is a bar on a terminal and lines elsewhere, summary shows"
              + " nothing before the end (default: auto).")
  private Progress.Style style = Progress.Style.AUTO;

  @Option(
      names = "--github",
      description =
          "In GitHub Actions: step summary, annotations, and the outputs run-id, url, status and"
              + " exit-code.")
  private boolean github;

  @Mixin private final ReportFiles files = new ReportFiles();

  /** Empty: as long as it takes. */
  public Optional<Duration> limit() {
    return Optional.ofNullable(limit);
  }

  /** Seconds after which the run is for nobody; null: never. */
  public @Nullable Integer abandonedAfterS(Surroundings here) {
    if (abandonAfter != null) {
      return (int) abandonAfter.toSeconds();
    }
    return here.ci() && limit == null ? (int) ABANDONED.toSeconds() : null;
  }

  Progress.Style style() {
    return style;
  }

  boolean failFast() {
    return failFast;
  }

  boolean failOnFlaky() {
    return failOnFlaky;
  }

  boolean ignoreFailures() {
    return ignoreFailures;
  }

  /** The step of GitHub Actions to report to. */
  public Optional<Github> github(Surroundings here) {
    return github ? Github.of(here) : Optional.empty();
  }

  ReportFiles files() {
    return files;
  }

  /**
   * What contradicts itself, or cannot be.
   *
   * @param project folder of the AppWright project, for the HTML report
   */
  public void check(Surroundings here, Path project) {
    files.check(here, project);
    if (abandonAfter != null && abandonAfter.compareTo(SOONEST) < 0) {
      throw Failure.usage("--abandon-after may be " + SOONEST.toSeconds() + "s at least");
    }
    if (failOnFlaky && ignoreFailures) {
      throw Failure.usage("--fail-on-flaky and --ignore-failures contradict each other");
    }
  }
}
