package dev.qgjob.cli.watch;

import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.show.Segment;
import dev.qgjob.client.ApiClient;
import dev.qgjob.client.ApiProblem;
import dev.qgjob.client.Unreachable;
import java.util.Map;

/**
 * What happens to a run when the one who waits for it is stopped. A person detaches; a CI job that
 * is cancelled takes its run along, since nobody will look at it. The process ends with the
 * signal's own code.
 */
final class Interruption implements AutoCloseable {
  private final Thread hook;

  private Interruption(Thread hook) {
    this.hook = hook;
  }

  /** In force until closed. */
  static Interruption during(ApiClient client, Surroundings here, String runId) {
    Thread hook = new Thread(() -> stopped(client, here, runId), "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    return new Interruption(hook);
  }

  private static void stopped(ApiClient client, Surroundings here, String runId) {
    if (!here.ci()) {
      here.err().println("\ndetached, the run goes on: qgjob wait --run-id=" + runId);
      return;
    }
    try {
      client.tell("/runs/" + Segment.of(runId) + "/cancel", Map.of());
      here.err().println("stopped by CI: cancelled run " + runId);
    } catch (ApiProblem | Unreachable e) {
      here.err().println("stopped by CI, but run " + runId + " goes on: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // it is running: the process ends
    }
  }
}
