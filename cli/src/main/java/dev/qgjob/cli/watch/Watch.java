package dev.qgjob.cli.watch;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Failure;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.github.Github;
import dev.qgjob.cli.show.RunText;
import dev.qgjob.cli.show.Segment;
import dev.qgjob.client.Answer;
import dev.qgjob.client.ApiClient;
import dev.qgjob.client.ApiProblem;
import dev.qgjob.client.Unreachable;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a run, over outages of the server, and ends with the verdict's exit code. The server
 * tells of changes while it can; where it does not, it is asked. One thread.
 */
public final class Watch {
  private static final Duration FIRST = Duration.ofMillis(250);
  private static final Duration SLOWEST = Duration.ofSeconds(1);
  private static final Duration OUTAGE_SLOWEST = Duration.ofSeconds(5);

  /** A run may be cancelled when nobody has waited for it for a minute. */
  private static final Duration TELL_EVERY = Duration.ofSeconds(15);

  private static final Duration LONGEST_OUTAGE = Duration.ofMinutes(10);

  private final ApiClient client;
  private final ApiClient patient;
  private final Surroundings here;
  private final Output output;
  private final WaitOptions wishes;
  private final Path project;
  private final Map<String, JobState> told = new HashMap<>();
  private boolean cutShort;
  private @Nullable Duration toldToWait;

  /**
   * @param project folder of the AppWright project, for the HTML report
   */
  public Watch(
      ApiClient client, Surroundings here, Output output, WaitOptions wishes, Path project) {
    this.client = client.once(); // it has its own patience with outages
    this.patient = client;
    this.project = project;
    this.here = here;
    this.output = output;
    this.wishes = wishes;
  }

  /**
   * Returns the exit code; the run as it then stands is printed.
   *
   * @param url where people see the run, or null
   */
  public int of(String runId, @Nullable String url) throws InterruptedException {
    Optional<Github> github = wishes.github(here);
    if (github.isEmpty()) {
      return watch(runId).code();
    }
    Ended ended = github.get().withoutCommands(() -> watch(runId));
    if (ended.run() != null) {
      github.get().finished(ended.run(), url, ended.code());
    }
    return ended.code();
  }

  /** How the wait ended; {@code run} as it was last seen. */
  private record Ended(int code, @Nullable RunView run) {}

  private Ended watch(String runId) throws InterruptedException {
    Duration start = here.time().elapsed();
    Answer<RunView> last = null;
    try (Interruption ignored = Interruption.during(client, here, runId);
        Progress progress = Progress.on(here, wishes.style());
        News news = new News(client, here, runId)) {
      for (Duration pause = FIRST; ; pause = longer(pause, SLOWEST)) {
        last = ask(runId, progress, left(start));
        if (last != null) {
          show(progress, last.body());
        }
        if (last != null && Verdict.reached(last.body().state())) {
          break;
        }
        if (left(start).isZero()) {
          progress.close();
          return gaveUp(runId, last);
        }
        if (last != null) {
          listen(news, progress, last.body(), start, pause);
        }
      }
    }
    finished(last);
    return new Ended(Verdict.of(last.body(), wishes).number(), last.body());
  }

  /** Shows what the server tells, until it is time to ask again. */
  private void listen(News news, Progress progress, RunView run, Duration start, Duration pause)
      throws InterruptedException {
    Optional<RunView> next = Optional.of(run);
    while (next.isPresent()) {
      Duration left = left(start);
      Duration most = news.heard() ? News.SILENCE : pause;
      next = news.next(next.get(), most.compareTo(left) < 0 ? most : left);
      next.ifPresent(now -> show(progress, now));
    }
  }

  private void show(Progress progress, RunView run) {
    progress.show(run);
    for (JobView job : run.jobs()) {
      if (job.state() != told.put(job.jobId(), job.state())) {
        output.event("job", job);
      }
    }
    boolean failed = run.jobs().stream().anyMatch(job -> job.state() == JobState.FAILED);
    if (wishes.failFast() && failed && !cutShort && !Verdict.reached(run.state())) {
      cutShort = true;
      progress.note("a test failed: cancelling the rest (--fail-fast)");
      cancel(run.runId(), progress);
    }
  }

  private void cancel(String runId, Progress progress) {
    try {
      client.tell("/runs/" + Segment.of(runId) + "/cancel", Map.of());
    } catch (ApiProblem | Unreachable e) {
      cutShort = false; // tried again with the next change
      progress.note("not cancelled yet: " + e.getMessage());
    }
  }

  private void finished(Answer<RunView> run) {
    if (!wishes.files().takeStdout()) {
      output.print(run, RunText::whole);
    }
    wishes.files().write(here, run);
    wishes.files().writeHtml(here, project, patient, run.body());
  }

  private Ended gaveUp(String runId, @Nullable Answer<RunView> last) {
    if (last != null) {
      finished(last);
    }
    here.say("the run goes on; wait again with qgjob wait --run-id=" + runId);
    return new Ended(ExitCode.STILL_RUNNING.number(), last == null ? null : last.body());
  }

  private Duration left(Duration start) {
    Duration spent = here.time().elapsed().minus(start);
    Duration left = wishes.limit().map(most -> most.minus(spent)).orElse(Duration.ofDays(1));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** The run, once the server answers; null if the wait is over before it does. */
  private @Nullable Answer<RunView> ask(String runId, Progress progress, Duration most)
      throws InterruptedException {
    Duration began = here.time().elapsed();
    Duration pause = FIRST;
    for (boolean told = false; ; told = true) {
      RuntimeException outage;
      try {
        Answer<RunView> run = client.ask("/runs/" + Segment.of(runId), RunView.class);
        if (told) {
          progress.note("the server answers again");
        }
        tellThatItIsWaitedFor(runId);
        return run;
      } catch (Unreachable e) {
        outage = e;
      } catch (ApiProblem e) {
        if (!e.passing()) {
          throw e;
        }
        outage = e;
      }
      if (!told) {
        progress.note("still waiting: " + outage.getMessage());
      }
      Duration spent = here.time().elapsed().minus(began);
      if (spent.compareTo(most) >= 0) {
        return null;
      }
      if (spent.compareTo(LONGEST_OUTAGE) >= 0) {
        throw new Failure(
            ExitCode.INFRASTRUCTURE,
            "the server has not answered for "
                + LONGEST_OUTAGE.toMinutes()
                + " minutes; the run may go on: qgjob wait --run-id="
                + runId,
            outage);
      }
      here.time().pause(pause);
      pause = longer(pause, OUTAGE_SLOWEST);
    }
  }

  private void tellThatItIsWaitedFor(String runId) {
    Duration now = here.time().elapsed();
    if (toldToWait == null || now.minus(toldToWait).compareTo(TELL_EVERY) >= 0) {
      toldToWait = now;
      try {
        client.tell("/runs/" + Segment.of(runId) + "/waiting", Map.of());
      } catch (ApiProblem | Unreachable e) {
        // told again in a while; an older server does not want to know
      }
    }
  }

  private static Duration longer(Duration pause, Duration slowest) {
    Duration next = pause.multipliedBy(3).dividedBy(2);
    return next.compareTo(slowest) < 0 ? next : slowest;
  }
}
