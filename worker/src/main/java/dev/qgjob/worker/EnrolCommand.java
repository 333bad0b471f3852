package dev.qgjob.worker;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Makes this host a worker of a server. */
@Command(
    name = "enrol",
    description = "Trades a one-time code for this worker's credentials.",
    mixinStandardHelpOptions = true,
    versionProvider = WorkerMain.Version.class)
final class EnrolCommand implements Callable<Integer> {
  @Mixin private final Enrolment enrolment = new Enrolment();
  @Mixin private final StateOption state = new StateOption();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    try (StateFolder folder = state.open()) {
      Credentials credentials = enrolment.into(folder);
      PrintWriter out = spec.commandLine().getOut();
      out.println(
          "enrolled as "
              + credentials.name()
              + "; credentials are in "
              + folder.path()
              + ". Start it with: qgjob-worker run");
      out.flush();
      return 0;
    }
  }
}
