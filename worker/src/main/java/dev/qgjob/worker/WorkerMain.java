package dev.qgjob.worker;

import dev.qgjob.client.ApiProblem;
import dev.qgjob.client.Unreachable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** {@code qgjob-worker}, as started from a command line. */
@Command(
    name = "qgjob-worker",
    description = "Runs qgjob's jobs on the phones, emulators and cloud sessions of this host.",
    mixinStandardHelpOptions = true,
    versionProvider = WorkerMain.Version.class,
    subcommands = {
      EnrolCommand.class,
      RunCommand.class,
      EnrolAndRunCommand.class,
      PrepareCommand.class,
      DoctorCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:ended in good order",
      "1:could not work, or work was cut off",
      "2:wrong usage",
      "3:out of memory"
    })
public final class WorkerMain {
  private WorkerMain() {}

  /** The version that the jar was built as. */
  static final class Version implements IVersionProvider {
    static String text() {
      String version = WorkerMain.class.getPackage().getImplementationVersion();
      return version == null ? "development" : version;
    }

    @Override
    public String[] getVersion() {
      return new String[] {"qgjob-worker " + text()};
    }
  }

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new WorkerMain())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(WorkerMain::misused)
        .setExecutionExceptionHandler(WorkerMain::explain);
  }

  /** One line, which the whole help would push off the screen. */
  private static int misused(ParameterException misuse, String[] args) {
    CommandLine command = misuse.getCommandLine();
    command
        .getErr()
        .println(
            "qgjob-worker: "
                + misuse.getMessage()
                + " (see "
                + command.getCommandSpec().qualifiedName()
                + " --help)");
    return CommandLine.ExitCode.USAGE;
  }

  /** One line for what can be expected; a trace for what cannot. */
  private static int explain(
      Exception e, CommandLine commandLine, CommandLine.ParseResult parseResult) {
    boolean expected =
        e instanceof Unusable
            || e instanceof ApiProblem
            || e instanceof Unreachable
            || e instanceof IllegalArgumentException;
    commandLine.getErr().println("qgjob-worker: " + (expected ? e.getMessage() : e.toString()));
    if (!expected) {
      e.printStackTrace(commandLine.getErr());
    }
    return 1;
  }
}
