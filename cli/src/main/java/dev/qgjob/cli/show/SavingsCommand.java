package dev.qgjob.cli.show;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.protocol.report.DaySavings;
import dev.qgjob.protocol.report.SavingsList;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code qgjob savings}: the installs of each day, and those that were not needed. */
@Command(
    name = "savings",
    description = "Tells the installs of each day (UTC), and what stock AppWright would have made.",
    mixinStandardHelpOptions = true)
public final class SavingsCommand implements Callable<Integer> {
  @Mixin private final Connection connection;
  @Mixin private final Output output;

  @Option(names = "--days", paramLabel = "N", description = "How many days (default: 7).")
  private int days = 7;

  public SavingsCommand(Surroundings here) {
    this.connection = new Connection(here);
    this.output = new Output(here);
  }

  @Override
  public Integer call() {
    output.print(
        connection.client().ask("/savings?days=" + days, SavingsList.class), SavingsCommand::text);
    return ExitCode.OK.number();
  }

  private static String text(SavingsList list) {
    if (list.days().isEmpty()) {
      return "no runs in these days";
    }
    return Table.of("day", "installs", "stock", "saved").rows(list.days(), SavingsCommand::row);
  }

  private static Object[] row(DaySavings day) {
    return new Object[] {
      day.day(), day.installs(), day.stockInstalls(), JobText.minutes(day.savedS())
    };
  }
}
