package dev.qgjob.cli.submit;

import dev.qgjob.cli.Surroundings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code qgjob submit}. */
@Command(
    name = "submit",
    description = {
      "Submits AppWright specs, one job each, as one run.",
      "",
      "Run it in the AppWright project:",
      "  qgjob submit --org-id=qualgent --app-version-id=xyz123 --test=tests/onboarding.spec.js",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class Submit extends Submitting {
  @Option(names = "--wait", description = "Wait for the verdict, and end with its exit code.")
  private boolean wait;

  public Submit(Surroundings here) {
    super(here);
  }

  @Override
  boolean waits() {
    return wait;
  }
}
