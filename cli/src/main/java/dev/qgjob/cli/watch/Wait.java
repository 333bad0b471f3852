package dev.qgjob.cli.watch;

import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.cli.report.ProjectFolder;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code qgjob wait}. */
@Command(
    name = "wait",
    description = "Waits for a run's verdict, and ends with its exit code.",
    mixinStandardHelpOptions = true)
public final class Wait implements Callable<Integer> {
  private final Surroundings here;
  @Mixin private final Connection connection;
  @Mixin private final Output output;
  @Mixin private final WaitOptions waiting = new WaitOptions();
  @Mixin private final ProjectFolder project = new ProjectFolder();

  @Option(names = "--run-id", required = true, paramLabel = "ID", description = "The run.")
  private String runId = "";

  public Wait(Surroundings here) {
    this.here = here;
    this.connection = new Connection(here);
    this.output = new Output(here);
  }

  @Override
  public Integer call() throws InterruptedException {
    Path folder = here.folder().resolve(project.folder());
    waiting.check(here, folder);
    return new Watch(connection.client(), here, output, waiting, folder).of(runId, null);
  }
}
