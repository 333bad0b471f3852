package dev.qgjob.worker;

import dev.qgjob.worker.process.Child;
import dev.qgjob.worker.process.Children;
import dev.qgjob.worker.process.CleanEnvironment;
import dev.qgjob.worker.process.Command;
import dev.qgjob.worker.process.Exit;
import dev.qgjob.worker.process.ProcessListener;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Details;
import dev.qgjob.worker.run.Executor;
import dev.qgjob.worker.run.Listener;
import dev.qgjob.worker.run.Outcome;
import dev.qgjob.worker.run.RunContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Runs each job as a real child with a child of its own. A job's id says for how many milliseconds:
 * {@code run-1500}. Their process ids stand in a folder, one file a job.
 */
final class ShellExecutor implements Executor {
  private final Children children;
  private final Path state;
  private final Path pids;

  ShellExecutor(Path state, Path pids) throws IOException {
    this.children = new Children("node", state);
    this.state = state;
    this.pids = Files.createDirectories(pids);
  }

  @Override
  public void silenceEndsAfter(Duration time) {
    children.silenceEndsAfter(time);
  }

  @Override
  public void run(List<Assignment> batch, RunContext context, Listener listener) {
    for (Assignment job : batch) {
      listener.onStarted(job.jobId());
      listener.onFinished(job.jobId(), one(job.jobId(), context));
    }
  }

  private Outcome one(String jobId, RunContext context) {
    double seconds = Long.parseLong(jobId.replaceAll("[^0-9]+", "")) / 1000.0;
    String script =
        "sleep 600 & echo $! $$ > '%s.part'; mv '%s.part' '%s'; trap '' TERM; sleep %s"
            .formatted(pids.resolve(jobId), pids.resolve(jobId), pids.resolve(jobId), seconds);
    try (Child child =
        children.start(
            new Command(
                List.of("/bin/sh", "-c", script),
                state,
                CleanEnvironment.from(System.getenv(), state),
                null,
                state.resolve("log-" + jobId + ".txt")),
            new ProcessListener() {})) {
      context.cancellation().watch(() -> killIfCancelled(jobId, child, context));
      killIfCancelled(jobId, child, context);
      Exit exit = child.waitFor(Duration.ofMinutes(5));
      String stopped = context.cancellation().reason(jobId).orElse(null);
      if (stopped != null) {
        return new Outcome.Cancelled(Details.NONE, stopped);
      }
      return exit instanceof Exit.Ended ended && ended.well()
          ? new Outcome.Passed(Details.NONE)
          : new Outcome.InfrastructureError(Details.NONE, "it ended with " + exit);
    } catch (IOException e) {
      return new Outcome.InfrastructureError(Details.NONE, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Cancelled(Details.NONE, "interrupted");
    }
  }

  private static void killIfCancelled(String jobId, Child child, RunContext context) {
    if (context.cancellation().reason(jobId).isPresent()) {
      child.kill();
    }
  }

  @Override
  public void close() {
    // children end with their jobs
  }
}
