package dev.qgjob.cli.show;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.client.ApiClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code qgjob link}: a run for a browser. */
@Command(
    name = "link",
    description = "Prints a link that shows a run in a browser without a login, for 30 days.",
    mixinStandardHelpOptions = true)
public final class LinkCommand implements Callable<Integer> {
  @Mixin private final Connection connection;
  @Mixin private final Output output;

  @Option(names = "--run-id", required = true, paramLabel = "ID", description = "The run.")
  private String runId = "";

  public LinkCommand(Surroundings here) {
    this.connection = new Connection(here);
    this.output = new Output(here);
  }

  @Override
  public Integer call() {
    ApiClient client = connection.client();
    output.print(RunUrl.ask(client, runId), link -> RunUrl.url(client, link));
    return ExitCode.OK.number();
  }
}
