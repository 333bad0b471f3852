package dev.qgjob.cli.watch;

import dev.qgjob.cli.ExitCode;
import dev.qgjob.cli.Failure;
import dev.qgjob.cli.Output;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.show.RunText;
import dev.qgjob.cli.show.Segment;
import dev.qgjob.client.Answer;
import dev.qgjob.client.ApiClient;
import dev.qgjob.client.ApiProblem;
import dev.qgjob.client.Unreachable;
import dev.qgjob.protocol.report.RunView;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Waits for a run, over outages of the server, and ends with the verdict's exit code. */
public final class Watch {
  private static final Duration FIRST = Duration.ofMillis(250);
  private static final Duration SLOWEST = Duration.ofSeconds(1);
  private static final Duration OUTAGE_SLOWEST = Duration.ofSeconds(5);
  private static final Duration LONGEST_OUTAGE = Duration.ofMinutes(10);

  private final ApiClient client;
  private final Surroundings here;
  private final Output output;

  public Watch(ApiClient client, Surroundings here, Output output) {
    this.client = client.once(); // it has its own patience with outages
    this.here = here;
    this.output = output;
  }

  /** Returns the exit code; the run as it then stands is printed. */
  public int of(String runId, Optional<Duration> limit) throws InterruptedException {
    Duration start = here.time().elapsed();
    Answer<RunView> last = null;
    try (Progress progress = Progress.on(here)) {
      for (Duration pause = FIRST; ; pause = longer(pause, SLOWEST)) {
        last = ask(runId, progress, left(limit, start));
        if (last != null) {
          progress.show(last.body());
        }
        Duration left = left(limit, start);
        if (last != null && Verdict.reached(last.body().state())) {
          break;
        }
        if (left.isZero()) {
          progress.close();
          return gaveUp(runId, last);
        }
        here.time().pause(pause.compareTo(left) < 0 ? pause : left);
      }
    }
    output.print(last, RunText::whole);
    return Verdict.of(last.body()).number();
  }

  private int gaveUp(String runId, @Nullable Answer<RunView> last) {
    if (last != null) {
      output.print(last, RunText::whole);
    }
    here.say("the run goes on; wait again with qgjob wait --run-id=" + runId);
    return ExitCode.STILL_RUNNING.number();
  }

  private Duration left(Optional<Duration> limit, Duration start) {
    Duration spent = here.time().elapsed().minus(start);
    Duration left = limit.map(most -> most.minus(spent)).orElse(Duration.ofDays(1));
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

  private static Duration longer(Duration pause, Duration slowest) {
    Duration next = pause.multipliedBy(3).dividedBy(2);
    return next.compareTo(slowest) < 0 ? next : slowest;
  }
}
