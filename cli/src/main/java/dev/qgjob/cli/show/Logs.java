package dev.qgjob.cli.show;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Failure;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.client.ApiClient;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.report.ArtefactView;
import dev.qgjob.protocol.report.AttemptView;
import dev.qgjob.protocol.report.JobView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code qgjob logs}: what an attempt's run of AppWright printed. */
@Command(
    name = "logs",
    description = {
      "Prints the log of a job's attempt.",
      "A worker hands the log over when an attempt ends; --follow waits for that, attempt by attempt."
    },
    mixinStandardHelpOptions = true)
public final class Logs implements Callable<Integer> {
  private static final String LOG = "log.txt";
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Surroundings here;
  @Mixin private final Connection connection;

  @Option(names = "--job-id", required = true, paramLabel = "ID", description = "The job.")
  private String jobId = "";

  @Option(
      names = "--attempt",
      paramLabel = "N",
      description = "Which attempt (default: the last that has ended).")
  private @Nullable Integer attempt;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on until the job has its verdict.")
  private boolean follow;

  public Logs(Surroundings here) {
    this.here = here;
    this.connection = new Connection(here);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (follow && attempt != null) {
      throw Failure.usage("--follow goes from attempt to attempt; leave out --attempt");
    }
    ApiClient client = connection.client();
    if (follow) {
      follow(client);
      return ExitCode.OK.number();
    }
    JobView job = job(client);
    AttemptView shown =
        job.attempts().stream()
            .filter(one -> attempt == null ? log(one).isPresent() : one.number() == attempt)
            .reduce((first, second) -> second)
            .orElseThrow(() -> none(job));
    print(client, shown, log(shown).orElseThrow(() -> none(job)));
    return ExitCode.OK.number();
  }

  private void follow(ApiClient client) throws IOException, InterruptedException {
    int printed = 0;
    @Nullable JobState said = null;
    while (true) {
      JobView job = job(client);
      if (job.state() != said) {
        said = job.state();
        here.say(
            "job " + jobId + ": " + said + (job.slotId() == null ? "" : " on " + job.slotId()));
      }
      for (AttemptView one : job.attempts()) {
        Optional<ArtefactView> log = log(one);
        if (one.number() > printed && one.finishedAt() != null && log.isPresent()) {
          print(client, one, log.get());
          printed = one.number();
        }
      }
      if (job.state() != JobState.QUEUED && job.state() != JobState.RUNNING) {
        return;
      }
      here.time().pause(PAUSE);
    }
  }

  private JobView job(ApiClient client) {
    return client.get("/jobs/" + Segment.of(jobId), JobView.class);
  }

  private static Optional<ArtefactView> log(AttemptView attempt) {
    return attempt.artefacts().stream().filter(file -> file.name().equals(LOG)).findFirst();
  }

  private void print(ApiClient client, AttemptView of, ArtefactView log) throws IOException {
    here.say("attempt " + of.number() + ", " + of.outcome());
    Path folder = Files.createTempDirectory("qgjob-log");
    Path file = folder.resolve(LOG);
    try {
      client.download(
          "/jobs/" + Segment.of(jobId) + "/artefacts/" + of.number() + "/" + Segment.of(log.name()),
          file);
      Files.copy(file, here.out());
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  private Failure none(JobView job) {
    String which = attempt == null ? "has no log so far" : "has no log of attempt " + attempt;
    return Failure.general(
        "job "
            + jobId
            + " "
            + which
            + ": it is "
            + job.state()
            + "; qgjob logs --follow waits for one",
        null);
  }
}
