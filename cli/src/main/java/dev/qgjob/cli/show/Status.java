package dev.qgjob.cli.show;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.client.ApiClient;
import dev.qgjob.client.ApiProblem;
import dev.qgjob.client.Unreachable;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunSavings;
import dev.qgjob.protocol.report.RunView;
import dev.qgjob.protocol.report.SavingsList;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
      output.print(
          client.ask("/jobs/" + Segment.of(which.jobId()), JobView.class),
          job -> JobText.whole(job) + ofItsRun(client, job.runId()));
    } else {
      String runId = String.valueOf(which.runId());
      output.print(
          client.ask("/runs/" + Segment.of(runId), RunView.class),
          run -> RunText.whole(run) + "\n" + today(client));
    }
    return ExitCode.OK.number();
  }

  private static String ofItsRun(ApiClient client, String runId) {
    return besides(client, "/runs/" + Segment.of(runId) + "/savings", RunSavings.class)
        .map(
            run ->
                "saved      with its run: "
                    + JobText.installs(run.installs(), run.stockInstalls(), run.savedS()))
        .orElse("");
  }

  private static String today(ApiClient client) {
    return besides(client, "/savings?days=1", SavingsList.class).stream()
        .flatMap(list -> list.days().stream())
        .map(
            day ->
                "today (UTC), all runs: "
                    + JobText.installs(day.installs(), day.stockInstalls(), day.savedS()))
        .collect(Collectors.joining("\n"));
  }

  /** What a server that is older does not know is left out: it is not what was asked for. */
  private static <T> Optional<T> besides(ApiClient client, String path, Class<T> answer) {
    try {
      return Optional.of(client.get(path, answer));
    } catch (ApiProblem | Unreachable e) {
      return Optional.empty();
    }
  }
}
