package dev.qgjob.lab;

import dev.qgjob.lab.bench.BenchCommand;
import dev.qgjob.lab.demo.DemoCommand;
import dev.qgjob.lab.faults.FaultsCommand;
import dev.qgjob.lab.replay.ReplayCommand;
import dev.qgjob.lab.schedule.ScheduleCommand;
import dev.qgjob.lab.simulate.SimulateCommand;
import dev.qgjob.lab.start.StartCommand;
import dev.qgjob.lab.throughput.WaitersCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code qgjob-lab}: shows and measures the parts as they ship. */
@Command(
    name = "qgjob-lab",
    description = "Shows and measures qgjob's parts as they ship.",
    mixinStandardHelpOptions = true,
    subcommands = {
      DemoCommand.class,
      BenchCommand.class,
      FaultsCommand.class,
      ReplayCommand.class,
      ScheduleCommand.class,
      SimulateCommand.class,
      StartCommand.class,
      WaitersCommand.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class LabMain {
  private LabMain() {}

  public static void main(String[] args) {
    // the worker on the class path brings a file by the usual name
    System.setProperty("logback.configurationFile", "lab-logback.xml");
    CommandLine commandLine = new CommandLine(new LabMain());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setExecutionExceptionHandler(
        (e, line, parsed) -> {
          line.getErr().println("qgjob-lab: " + e.getMessage());
          if (System.getenv("QGJOB_LAB_TRACE") != null) {
            e.printStackTrace(line.getErr());
          }
          return 1;
        });
    System.exit(commandLine.execute(args));
  }
}
