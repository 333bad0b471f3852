package dev.qgjob.cli.show;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.protocol.report.RunList;
import dev.qgjob.protocol.report.RunView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code qgjob list}: the newest runs. */
@Command(name = "list", description = "Lists the newest runs.", mixinStandardHelpOptions = true)
public final class ListRuns implements Callable<Integer> {
  @Mixin private final Connection connection;
  @Mixin private final Output output;

  @Option(names = "--limit", paramLabel = "N", description = "How many (default: 20).")
  private int limit = 20;

  public ListRuns(Surroundings here) {
    this.connection = new Connection(here);
    this.output = new Output(here);
  }

  @Override
  public Integer call() {
    output.print(
        connection.client().brief().ask("/runs?limit=" + limit, RunList.class), ListRuns::text);
    return ExitCode.OK.number();
  }

  private static String text(RunList list) {
    if (list.runs().isEmpty()) {
      return "no runs";
    }
    return Table.of(
            "run", "state", "app version", "build", "name", "created", "installs", "stock", "saved")
        .rows(list.runs(), ListRuns::row);
  }

  private static Object[] row(RunView run) {
    return new Object[] {
      run.runId(),
      run.state() + (run.flaky() ? " (flaky)" : ""),
      run.appVersionId(),
      run.build(),
      run.name(),
      run.createdAt(),
      run.installs(),
      run.stockInstalls(),
      JobText.minutes(run.savedS())
    };
  }
}
