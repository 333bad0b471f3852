package dev.qgjob.cli.show;

import dev.qgjob.client.Answer;
import dev.qgjob.client.ApiClient;
import dev.qgjob.client.ApiProblem;
import dev.qgjob.client.Unreachable;
import dev.qgjob.protocol.report.RunLink;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a browser shows a run, without a login. */
public final class RunUrl {
  private RunUrl() {}

  /** Throws where the server makes none. */
  static Answer<RunLink> ask(ApiClient client, String runId) {
    return client.tell("/runs/" + Segment.of(runId) + "/links", Map.of(), RunLink.class, Map.of());
  }

  static String url(ApiClient client, RunLink link) {
    return client.server().toString().replaceFirst("/+$", "") + link.href();
  }

  /** Null where there is none just now: a run is worth more than a link to it. */
  public static @Nullable String of(ApiClient client, String runId) {
    try {
      return url(client, ask(client.once(), runId).body());
    } catch (ApiProblem | Unreachable e) {
      return null;
    }
  }
}
