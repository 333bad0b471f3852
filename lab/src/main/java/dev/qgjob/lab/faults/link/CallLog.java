package dev.qgjob.lab.faults.link;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.qgjob.client.Json;
import dev.qgjob.lab.faults.history.Event;
import dev.qgjob.lab.faults.history.History;
import dev.qgjob.lab.faults.history.Phase;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes what goes over one worker's link into the history. Thread-safe. */
public final class CallLog {
  private static final Pattern FINISH = Pattern.compile(".*/jobs/([^/?]+)/finish");

  private final String worker;
  private final History history;
  private final AtomicReference<@Nullable JsonNode> registered = new AtomicReference<>();

  public CallLog(String worker, History history) {
    this.worker = worker;
    this.history = history;
  }

  /** The answer to the worker's latest registration; null before the first. */
  public @Nullable JsonNode registered() {
    return registered.get();
  }

  static boolean isClaim(HttpMessage request) {
    return request.path().endsWith("/claims");
  }

  Call sent(HttpMessage request) {
    return new Call(request);
  }

  /** One request on its way. */
  final class Call {
    private final HttpMessage request;
    private final JsonNode body;
    private final Instant sent = history.time().now();

    private Call(HttpMessage request) {
      this.request = request;
      this.body = json(request.body());
      tell(Phase.INVOKE, MissingNode.getInstance(), "");
    }

    /** What would be lost if this answer were; null where nothing is lost of interest. */
    Losses.@Nullable Answer kindOf(HttpMessage answer) {
      if (answer.status() >= 300) {
        return null;
      }
      if (isClaim(request)) {
        return Losses.Answer.GRANT;
      }
      if (isFinish(request.path())) {
        return Losses.Answer.RECORDED;
      }
      return request.method().equals("POST") && request.path().endsWith("/runs")
          ? Losses.Answer.ACCEPTED
          : null;
    }

    void delivered(HttpMessage answer) {
      JsonNode json = json(answer.body());
      if (answer.status() < 300) {
        tell(Phase.OK, json, "");
      } else {
        // a refusal leaves nothing behind; what the server could not do may be half of it
        tell(answer.status() < 500 ? Phase.FAIL : Phase.INFO, json, why(answer, json));
      }
    }

    void lost(HttpMessage answer) {
      JsonNode json = json(answer.body());
      tell(Phase.INFO, json, "lost: " + why(answer, json));
    }

    void failed(IOException e) {
      tell(Phase.INFO, MissingNode.getInstance(), String.valueOf(e.getMessage()));
    }

    private String why(HttpMessage answer, JsonNode json) {
      return answer.status() + " " + json.path("type").asText("");
    }

    private void tell(Phase phase, JsonNode answer, String why) {
      Instant now = history.time().now();
      String path = request.path();
      Matcher finish = FINISH.matcher(path);
      if (isClaim(request)) {
        history.add(claim(now, phase, answer, why));
      } else if (finish.matches()) {
        history.add(finish(now, phase, finish.group(1), body, answer, why));
      } else if (path.endsWith("/finishes")) {
        finishes(now, phase, answer, why);
      } else if (path.endsWith("/beat") && phase != Phase.INVOKE) {
        beat(now, phase, answer);
      } else if (path.endsWith("/registration") && request.method().equals("POST")) {
        if (answer.has("incarnation")) {
          registered.set(answer);
        }
        history.add(
            new Event.Register(
                now,
                phase,
                worker,
                answer.path("worker_id").asText(),
                answer.path("incarnation").asLong()));
      }
    }

    private Event claim(Instant now, Phase phase, JsonNode answer, String why) {
      List<String> granted = new ArrayList<>();
      answer.path("grants").forEach(grant -> granted.add(grant.path("job_id").asText()));
      return new Event.Claim(
          now,
          phase,
          worker,
          body.path("slot_id").asText(),
          body.path("job_id").asText(),
          body.path("generation").asLong(),
          body.path("token").asText(),
          granted,
          why);
    }

    private Event finish(
        Instant now, Phase phase, String jobId, JsonNode told, JsonNode answer, String why) {
      JsonNode state = answer.path("state");
      boolean recorded = state.isTextual();
      return new Event.Finish(
          now,
          recorded || phase != Phase.OK ? phase : Phase.FAIL,
          worker,
          jobId,
          told.path("generation").asLong(),
          told.path("token").asText(),
          told.path("outcome").asText(),
          recorded ? state.asText() : null,
          why.isEmpty() ? answer.path("reason").asText("") : why);
    }

    /** Several at once, each with an answer of its own. */
    private void finishes(Instant now, Phase phase, JsonNode answer, String why) {
      Map<String, JsonNode> answers = new HashMap<>();
      answer.path("answers").forEach(one -> answers.put(one.path("job_id").asText(), one));
      for (JsonNode one : body.path("finishes")) {
        String job = one.path("job_id").asText();
        JsonNode its = answers.getOrDefault(job, MissingNode.getInstance());
        history.add(finish(now, phase, job, one.path("finish"), its, why));
      }
    }

    private void beat(Instant now, Phase phase, JsonNode answer) {
      Set<String> alive = new HashSet<>();
      for (JsonNode lease : answer.path("leases")) {
        if (lease.path("go_on").asBoolean()) {
          alive.add(lease.path("job_id").asText());
        }
      }
      List<String> goOn = new ArrayList<>();
      for (JsonNode lease : body.path("leases")) {
        String job = lease.path("job_id").asText();
        if (alive.contains(job)) {
          goOn.add(lease.path("token").asText() + "/" + job);
        }
      }
      history.add(new Event.Beat(now, phase, worker, sent, goOn));
    }
  }

  private static boolean isFinish(String path) {
    return path.endsWith("/finish") || path.endsWith("/finishes");
  }

  private static JsonNode json(String text) {
    try {
      return text.isEmpty() ? MissingNode.getInstance() : Json.mapper().readTree(text);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }
}
