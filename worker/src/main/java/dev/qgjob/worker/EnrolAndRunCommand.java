package dev.qgjob.worker;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The first start in one command; later starts find the credentials and leave the code unused. */
@Command(
    name = "enrol-and-run",
    description = "Enrols this worker unless it is enrolled already, and runs it.",
    mixinStandardHelpOptions = true,
    versionProvider = WorkerMain.Version.class)
final class EnrolAndRunCommand implements Callable<Integer> {
  @Mixin private final Enrolment enrolment = new Enrolment();
  @Mixin private final StateOption state = new StateOption();
  @Mixin private final RunOptions options = new RunOptions();

  @Override
  public Integer call() throws Exception {
    try (StateFolder folder = state.open()) {
      Credentials credentials = folder.credentials().orElseGet(() -> enrolment.into(folder));
      return Running.run(folder, credentials, options);
    }
  }
}
