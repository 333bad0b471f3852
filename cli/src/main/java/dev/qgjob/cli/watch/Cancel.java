package dev.qgjob.cli.watch;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.cli.show.JobOrRun;
import dev.qgjob.cli.show.Segment;
import dev.qgjob.client.ApiClient;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code qgjob cancel}. */
@Command(
    name = "cancel",
    description = "Cancels a job, or what is left of a run.",
    mixinStandardHelpOptions = true)
public final class Cancel implements Callable<Integer> {
  @Mixin private final Connection connection;
  @Mixin private final Output output;

  @ArgGroup(multiplicity = "1")
  private JobOrRun which = new JobOrRun();

  public Cancel(Surroundings here) {
    this.connection = new Connection(here);
    this.output = new Output(here);
  }

  @Override
  public Integer call() {
    ApiClient client = connection.client();
    if (which.jobId() != null) {
      String path = "/jobs/" + Segment.of(which.jobId()) + "/cancel";
      output.print(
          client.tell(path, Map.of(), JobView.class, Map.of()),
          job -> "job " + job.jobId() + ": " + job.state());
    } else {
      String path = "/runs/" + Segment.of(String.valueOf(which.runId())) + "/cancel";
      output.print(
          client.tell(path, Map.of(), RunView.class, Map.of()),
          run -> "run " + run.runId() + ": " + run.state());
    }
    return ExitCode.OK.number();
  }
}
