package dev.qgjob.cli.show;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.client.ApiClient;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code qgjob status}: how a job or a run stands. */
@Command(
    name = "status",
    description = "Shows how a job or a run stands. Ends with 0 whatever the verdict: see wait.",
    mixinStandardHelpOptions = true)
public final class Status implements Callable<Integer> {
  @Mixin private final Connection connection;
  @Mixin private final Output output;

  @ArgGroup(multiplicity = "1")
  private JobOrRun which = new JobOrRun();

  public Status(Surroundings here) {
    this.connection = new Connection(here);
    this.output = new Output(here);
  }

  /** As if parsed; one of the ids is null. */
  public Status(
      Surroundings here, @Nullable String jobId, @Nullable String runId, Output.Form form) {
    this.connection = new Connection(here);
    this.output = new Output(here, form);
    this.which = new JobOrRun(jobId, runId);
  }

  @Override
  public Integer call() {
    ApiClient client = connection.client().brief();
    if (which.jobId() != null) {
      output.print(client.ask("/jobs/" + Segment.of(which.jobId()), JobView.class), JobText::whole);
    } else {
      String runId = String.valueOf(which.runId());
      output.print(client.ask("/runs/" + Segment.of(runId), RunView.class), RunText::whole);
    }
    return ExitCode.OK.number();
  }
}
