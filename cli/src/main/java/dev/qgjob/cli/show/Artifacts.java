package dev.qgjob.cli.show;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Failure;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.client.ApiClient;
import dev.qgjob.protocol.report.ArtefactView;
import dev.qgjob.protocol.report.AttemptView;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code qgjob artifacts}: what the attempts of a job left behind. */
@Command(
    name = "artifacts",
    description = "Fetches reports, logs and screenshots.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = Artifacts.Download.class)
public final class Artifacts implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "which command?");
  }

  /** {@code qgjob artifacts download}: prints the path of each file it wrote. */
  @Command(
      name = "download",
      description = {
        "Downloads a job's files to DIR/attempt-N/NAME,",
        "or those of all jobs of a run to DIR/JOB/attempt-N/NAME."
      },
      mixinStandardHelpOptions = true)
  static final class Download implements Callable<Integer> {
    private final Surroundings here;
    @Mixin private final Connection connection;

    @ArgGroup(multiplicity = "1")
    private JobOrRun which = new JobOrRun();

    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "Where to.")
    private Path dir = Path.of("");

    public Download(Surroundings here) {
      this.here = here;
      this.connection = new Connection(here);
    }

    @Override
    public Integer call() throws IOException {
      ApiClient client = connection.client();
      int files = 0;
      if (which.jobId() != null) {
        String id = which.jobId();
        files = fetch(client, client.get("/jobs/" + Segment.of(id), JobView.class), dir);
      } else {
        String id = String.valueOf(which.runId());
        RunView run = client.get("/runs/" + Segment.of(id), RunView.class);
        for (JobView job : run.jobs()) {
          if (!job.jobId().matches("[A-Za-z0-9_-]+")) {
            throw Failure.general("the server names a job '" + job.jobId() + "'; refused", null);
          }
          files += fetch(client, job, dir.resolve(job.jobId()));
        }
      }
      here.say(files == 0 ? "there are no files so far" : files + " files");
      return ExitCode.OK.number();
    }

    private int fetch(ApiClient client, JobView job, Path into) throws IOException {
      int files = 0;
      for (AttemptView attempt : job.attempts()) {
        for (ArtefactView file : attempt.artefacts()) {
          here.out().println(fetch(client, job.jobId(), attempt.number(), file, into));
          files++;
        }
      }
      return files;
    }

    private Path fetch(ApiClient client, String jobId, int attempt, ArtefactView file, Path into)
        throws IOException {
      Path folder = here.folder().resolve(into).resolve("attempt-" + attempt).normalize();
      Path target = folder.resolve(file.name()).normalize();
      if (!target.startsWith(folder) || target.equals(folder)) {
        throw Failure.general("the server names a file '" + file.name() + "'; refused", null);
      }
      Files.createDirectories(Objects.requireNonNull(target.getParent()));
      KeptFile.fetch(client, jobId, attempt, file, target);
      return target;
    }
  }
}
