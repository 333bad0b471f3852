package dev.qgjob.cli.show;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Failure;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.connect.Connection;
import dev.qgjob.client.ApiClient;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.report.AttemptView;
import dev.qgjob.protocol.report.JobView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code qgjob logs}: what an attempt's run of AppWright printed. */
@Command(
    name = "logs",
    description = {
      "Prints what a job's attempt printed.",
      "Of one that runs, what it has printed so far; --follow goes on to the job's verdict."
    },
    mixinStandardHelpOptions = true)
public final class Logs implements Callable<Integer> {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Surroundings here;
  @Mixin private final Connection connection;

  @Option(names = "--job-id", required = true, paramLabel = "ID", description = "The job.")
  private String jobId = "";

  @Option(
      names = "--attempt",
      paramLabel = "N",
      description = "Which attempt (default: the last with a log).")
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
  public Integer call() throws InterruptedException {
    if (follow && attempt != null) {
      throw Failure.usage("--follow goes from attempt to attempt; leave out --attempt");
    }
    ApiClient client = connection.client();
    if (follow) {
      follow(client);
    } else {
      show(client, job(client));
    }
    return ExitCode.OK.number();
  }

  private void show(ApiClient client, JobView job) {
    List<AttemptView> newestFirst = new ArrayList<>(job.attempts());
    Collections.reverse(newestFirst);
    for (AttemptView one : newestFirst) {
      if ((attempt == null || one.number() == attempt) && print(client, one.number(), 0) > 0) {
        here.say(
            one.finishedAt() == null
                ? "attempt " + one.number() + " is still running: --follow goes on"
                : told(one));
        return;
      }
    }
    String which = attempt == null ? "has no log so far" : "has no log of attempt " + attempt;
    throw Failure.general(
        "job "
            + jobId
            + " "
            + which
            + ": it is "
            + job.state()
            + "; qgjob logs --follow waits for one",
        null);
  }

  private void follow(ApiClient client) throws InterruptedException {
    @Nullable JobState said = null;
    int ended = 0;
    long printed = 0;
    while (true) {
      // first the job: of an attempt that has ended by then, the log that comes next is all
      JobView job = job(client);
      if (job.state() != said) {
        said = job.state();
        here.say(
            "job " + jobId + ": " + said + (job.slotId() == null ? "" : " on " + job.slotId()));
      }
      for (AttemptView one : job.attempts()) {
        if (one.number() > ended) {
          printed += print(client, one.number(), printed);
          if (one.finishedAt() != null) {
            here.say(told(one));
            ended = one.number();
            printed = 0;
          }
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

  private static String told(AttemptView attempt) {
    return "attempt " + attempt.number() + ", " + attempt.outcome();
  }

  /**
   * Prints what there is of a log from a byte on.
   *
   * @return how many bytes
   */
  private long print(ApiClient client, int number, long from) {
    String path = "/jobs/" + Segment.of(jobId) + "/logs/" + number + "?from=";
    long next = from;
    byte[] part;
    do {
      part = client.bytes(path + next);
      here.out().writeBytes(part);
      here.out().flush();
      next += part.length;
    } while (part.length > 0);
    return next - from;
  }
}
