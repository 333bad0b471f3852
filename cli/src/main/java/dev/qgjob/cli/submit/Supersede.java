package dev.qgjob.cli.submit;

import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.show.Segment;
import dev.qgjob.client.ApiClient;
import dev.qgjob.client.ApiProblem;
import dev.qgjob.client.Unreachable;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.report.RunList;
import dev.qgjob.protocol.report.RunView;
import java.util.Map;

/**
 * {@code --supersede KEY}: a newer run of a branch makes the earlier one pointless. The newer one
 * is submitted first, so of two that meet the older goes, whoever looks.
 */
final class Supersede {
  /** The label that keeps the key. */
  static final String LABEL = "supersede";

  private static final int LOOKED_AT = 200;

  private Supersede() {}

  static void before(RunView mine, String key, ApiClient client, Surroundings here) {
    for (RunView run : client.get("/runs?limit=" + LOOKED_AT, RunList.class).runs()) {
      boolean open = run.state() == JobState.QUEUED || run.state() == JobState.RUNNING;
      boolean earlier = run.createdAt().isBefore(mine.createdAt());
      if (open
          && earlier
          && key.equals(run.labels().get(LABEL))
          && !run.runId().equals(mine.runId())) {
        cancel(run, client, here);
      }
    }
  }

  private static void cancel(RunView run, ApiClient client, Surroundings here) {
    try {
      client.tell("/runs/" + Segment.of(run.runId()) + "/cancel", Map.of());
      here.say("superseded: cancelled run " + run.runId());
    } catch (ApiProblem | Unreachable e) {
      // the new run matters more than the old one
      here.say("run " + run.runId() + " is superseded, but goes on: " + e.getMessage());
    }
  }
}
