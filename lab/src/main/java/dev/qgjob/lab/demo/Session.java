package dev.qgjob.lab.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.client.Json;
import dev.qgjob.lab.stack.Command.Result;
import dev.qgjob.lab.stack.Stack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A terminal session as a page: what a person types in the folder of a project, and what comes. The
 * server's port and folders of this machine are replaced; nothing else is.
 */
final class Session {
  private static final Pattern JOB_ID = Pattern.compile("job_\\w+");

  private final Stack stack;
  private final Path project;
  private final StringBuilder page = new StringBuilder();

  /**
   * @param project where the commands are typed
   */
  Session(Stack stack, Path project) {
    this.stack = stack;
    this.project = project;
  }

  /** Types the commands of a first day, for an app version that the server knows already. */
  void record(String appVersionId, Path file) throws IOException {
    page.append(
        """
        # A session
        Written by `./run demo --session docs/session.md`: the example's specs on two simulated phones
        that hold the app already. What goes to stderr is shown where it came after the command's result;
        on a terminal a bar would stand in place of the lines of the wait.
        """);
    String version = "--app-version-id=" + appVersionId;
    section("Submit, and wait for the verdict");
    type("run", version, "--test=tests/*.spec.js", "--target=emulator");
    section("A spec that failed");
    String job = failedJob();
    type("status", "--job-id=" + job);
    type("logs", "--job-id=" + job);
    section("Without waiting, and what becomes of it");
    String submitted = type("submit", version, "--test=tests/onboarding.spec.js").out();
    String waiting = JOB_ID.matcher(submitted).results().findFirst().orElseThrow().group();
    type("explain", "--job-id=" + waiting);
    type("logs", "--job-id=" + waiting, "--follow");
    section("The phones, and what they were spared");
    type("devices", "list");
    type("savings");
    section("What is wrong is said in one line");
    type("run", version, "--test=tests/no-such.spec.js");
    type("status", "--job-id=job_nobody");
    Files.writeString(file, page);
  }

  private void section(String title) {
    page.append("\n## ").append(title).append('\n');
  }

  private Result type(String... arguments) {
    Result result = stack.qgjob(project, arguments);
    page.append("```console\n$ qgjob");
    for (String argument : List.of(arguments)) {
      page.append(' ').append(argument.contains("*") ? "'" + argument + "'" : argument);
    }
    page.append('\n').append(clean(result.out())).append(clean(result.err()));
    if (result.exit() != 0) {
      page.append("$ echo $?\n").append(result.exit()).append('\n');
    }
    page.append("```\n");
    return result;
  }

  private String clean(String text) {
    String clean =
        text.replace(stack.server().url().toString(), "http://localhost:8080")
            .replace(project.toString(), "~/my-app/e2e");
    return clean.isEmpty() || clean.endsWith("\n") ? clean : clean + "\n";
  }

  private String failedJob() throws IOException {
    JsonNode runs =
        Json.mapper().readTree(stack.qgjob(project, "list", "-o", "json").expectSuccess());
    String runId = runs.path("runs").path(0).path("run_id").asText();
    return stack.run(runId).jobs().stream()
        .filter(job -> job.testPath().contains("fails-on-purpose"))
        .findFirst()
        .orElseThrow()
        .jobId();
  }
}
