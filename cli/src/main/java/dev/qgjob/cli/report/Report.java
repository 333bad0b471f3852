package dev.qgjob.cli.report;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Failure;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.cli.show.Segment;
import dev.qgjob.client.Answer;
import dev.qgjob.client.ApiClient;
import dev.qgjob.protocol.report.RunView;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code qgjob report}. */
@Command(
    name = "report",
    description =
        "Writes a run's report: JUnit XML, JSON, Playwright's HTML. Ends with 0 whatever the verdict.",
    mixinStandardHelpOptions = true)
public final class Report implements Callable<Integer> {
  private final Surroundings here;
  @Mixin private final Connection connection;
  @Mixin private final ReportFiles files = new ReportFiles();
  @Mixin private final ProjectFolder project = new ProjectFolder();

  @Option(names = "--run-id", required = true, paramLabel = "ID", description = "The run.")
  private String runId = "";

  public Report(Surroundings here) {
    this.here = here;
    this.connection = new Connection(here);
  }

  @Override
  public Integer call() {
    if (!files.wanted()) {
      throw Failure.usage("which report? give --junit FILE, --json FILE (-: stdout) or --html DIR");
    }
    Path folder = here.folder().resolve(project.folder());
    files.check(here, folder);
    ApiClient client = connection.client();
    Answer<RunView> run = client.brief().ask("/runs/" + Segment.of(runId), RunView.class);
    files.write(here, run);
    files.writeHtml(here, folder, client, run.body());
    if (run.body().finishedAt() == null) {
      here.say("run " + runId + " is " + run.body().state() + ": what has no verdict is an error");
    }
    return ExitCode.OK.number();
  }
}
