package dev.qgjob.cli.submit;

import dev.qgjob.cli.Surroundings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code qgjob run}: what a pipeline wants in most cases. */
@Command(
    name = "run",
    description = {
      "Submits AppWright specs, waits for the verdict, and ends with its exit code.",
      "",
      "Run it in the AppWright project:",
      "  qgjob run --app-version-id=xyz123 --test='tests/**/*.spec.js' --junit=qgjob.xml",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class RunTests extends Submitting {
  @Option(names = "--async", description = "Do not wait: as qgjob submit.")
  private boolean async;

  public RunTests(Surroundings here) {
    super(here);
  }

  @Override
  boolean waits() {
    return !async;
  }
}
