package dev.qgjob.cli.github;

import dev.qgjob.cli.Failure;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.protocol.report.RunView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The step of GitHub Actions that qgjob runs in. Commands to the runner go to stderr, so that
 * stdout stays the result's; the runner reads both.
 */
public final class Github {
  /** Something that takes its time. */
  @FunctionalInterface
  public interface Waiting<T> {
    T done() throws InterruptedException;
  }

  private final Surroundings here;

  private Github(Surroundings here) {
    this.here = here;
  }

  /** Empty outside of GitHub Actions. */
  public static Optional<Github> of(Surroundings here) {
    return "true".equals(here.env().get("GITHUB_ACTIONS"))
        ? Optional.of(new Github(here))
        : Optional.empty();
  }

  /** As soon as there is a run: a step that is cancelled later has these outputs. */
  public void started(RunView run, @Nullable String url) {
    output("run-id", run.runId());
    if (url != null) {
      output("url", url);
    }
  }

  /** The run has its verdict, or nobody waits for it any more. */
  public void finished(RunView run, @Nullable String url, int code) {
    output("status", run.state().toString());
    output("exit-code", Integer.toString(code));
    append("GITHUB_STEP_SUMMARY", StepSummary.of(run, url));
    Annotations.of(run, prefix()).forEach(here.err()::println);
  }

  /**
   * Does something during which no line is a command to the runner: specs and servers write what
   * they like.
   */
  public <T> T withoutCommands(Waiting<T> what) throws InterruptedException {
    String token = UUID.randomUUID().toString();
    here.err().println("::stop-commands::" + token);
    try {
      return what.done();
    } finally {
      here.out().flush();
      here.err().println("::" + token + "::");
    }
  }

  /** Where the project lies in the repository, since annotations name files from there. */
  private Path prefix() {
    String workspace = here.env().get("GITHUB_WORKSPACE");
    Path folder = here.folder().toAbsolutePath().normalize();
    if (workspace == null || !folder.startsWith(Path.of(workspace))) {
      return Path.of("");
    }
    return Path.of(workspace).relativize(folder);
  }

  private void output(String name, String value) {
    if (value.chars().noneMatch(Character::isISOControl)) {
      append("GITHUB_OUTPUT", name + "=" + value + "\n");
    }
  }

  private void append(String variable, String text) {
    String file = here.env().get(variable);
    if (file == null || file.isBlank()) {
      return;
    }
    try {
      Files.write(
          Path.of(file),
          text.getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw Failure.general(variable + "=" + file + " cannot be written: " + e, e);
    }
  }
}
