package dev.qgjob.cli.watch;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.cli.report.ProjectFolder;
import dev.qgjob.cli.show.RunText;
import dev.qgjob.cli.show.Segment;
import dev.qgjob.client.Answer;
import dev.qgjob.client.ApiClient;
import dev.qgjob.protocol.Paths;
import dev.qgjob.protocol.report.RunView;
import dev.qgjob.protocol.submit.RetryRun;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code qgjob retry}: the specs of a run once more, as a run of their own. */
@Command(
    name = "retry",
    description = {
      "Submits the specs of a run again: same project, same app build, as a run of its own.",
      "The first run keeps its results."
    },
    mixinStandardHelpOptions = true)
public final class Retry implements Callable<Integer> {
  private final Surroundings here;
  @Mixin private final Connection connection;
  @Mixin private final Output output;
  @Mixin private final WaitOptions waiting = new WaitOptions();
  @Mixin private final ProjectFolder project = new ProjectFolder();

  @Option(names = "--run-id", required = true, paramLabel = "ID", description = "The run.")
  private String runId = "";

  @Option(names = "--failed", description = "Only the specs that did not pass.")
  private boolean failed;

  @Option(names = "--wait", description = "Wait for the verdict, and end with its exit code.")
  private boolean wait;

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description = "A second retry with the same key joins the first one's run.")
  private @Nullable String idempotencyKey;

  public Retry(Surroundings here) {
    this.here = here;
    this.connection = new Connection(here);
    this.output = new Output(here);
  }

  @Override
  public Integer call() throws InterruptedException {
    Path folder = here.folder().resolve(project.folder());
    waiting.check(here, folder);
    ApiClient client = connection.talkingClient();
    String key = idempotencyKey == null ? UUID.randomUUID().toString() : idempotencyKey;
    Answer<RunView> run =
        client.tell(
            "/runs/" + Segment.of(runId) + "/retry",
            new RetryRun(failed),
            RunView.class,
            Map.of(Paths.IDEMPOTENCY_KEY, key));
    RunText.stuck(run.body()).forEach(here::say);
    if (wait) {
      here.say(RunText.submitted(run.body()));
      waiting.github(here).ifPresent(github -> github.started(run.body(), null));
      return new Watch(client, here, output, waiting, folder).of(run.body().runId(), null);
    }
    output.print(run, RunText::submitted);
    here.say("its verdict: qgjob wait --run-id=" + run.body().runId());
    return ExitCode.OK.number();
  }
}
