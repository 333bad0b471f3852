package dev.qgjob.worker.browserstack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.protocol.FailureKind;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * BrowserStack's API. A request that meets 429 or a passing failure is repeated, after the pause
 * that the answer names or one that doubles; while BrowserStack has asked for a pause, nothing else
 * of the account is sent either. Thread-safe.
 */
public final class CloudApi {
  private static final Duration BACK_OFF = Duration.ofSeconds(2);
  private static final int TRIES = 4;
  private static final long LONGEST_PAUSE_S = 60;

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20)).build();
  private final Endpoints endpoints;
  private final Duration backOff;
  private final Pause pause;
  private final LongSupplier nanoTime;

  /** Until when nothing is to be sent, by what authorizes. */
  private final Map<String, Long> quietUntil = new ConcurrentHashMap<>();

  /** The API at these endpoints. */
  public CloudApi(Endpoints endpoints) {
    this(endpoints, BACK_OFF, Pause.REAL, System::nanoTime);
  }

  /**
   * @param backOff the first pause between tries
   */
  CloudApi(Endpoints endpoints, Duration backOff, Pause pause, LongSupplier nanoTime) {
    this.endpoints = endpoints;
    this.backOff = backOff;
    this.pause = pause;
    this.nanoTime = nanoTime;
  }

  Endpoints endpoints() {
    return endpoints;
  }

  /** Reads something. */
  JsonNode ask(Account account, String path, Duration most)
      throws IOException, InterruptedException {
    return send(account, get(account, path, most), path, TRIES);
  }

  /** Reads something in one try, for whoever asks again anyway. */
  JsonNode askOnce(Account account, String path, Duration most)
      throws IOException, InterruptedException {
    return send(account, get(account, path, most), path, 1);
  }

  private HttpRequest get(Account account, String path, Duration most) {
    return HttpRequest.newBuilder(endpoints.api().resolve(path))
        .timeout(most)
        .header("Authorization", account.authorization())
        .GET()
        .build();
  }

  /**
   * Sends a request that may be repeated.
   *
   * @param what it is about, for people
   * @throws CloudFault when BrowserStack refuses it, or does not answer
   */
  JsonNode send(Account account, HttpRequest request, String what)
      throws IOException, InterruptedException {
    return send(account, request, what, TRIES);
  }

  private JsonNode send(Account account, HttpRequest request, String what, int most)
      throws IOException, InterruptedException {
    Duration next = backOff;
    for (int tries = 1; ; tries++) {
      keepQuiet(account);
      HttpResponse<String> response = answer(request, what);
      int status = response.statusCode();
      if (status / 100 == 2) {
        return parsed(response.body(), what);
      }
      Optional<Duration> named = named(response);
      named.ifPresent(
          time -> quietUntil.put(account.authorization(), nanoTime.getAsLong() + time.toNanos()));
      String reason = reason(response.body());
      boolean passing = (status == 429 || status >= 500) && !CloudWords.lasting(reason);
      if (!passing || tries >= most) {
        throw CloudFault.of(what, status, reason);
      }
      if (named.isEmpty()) {
        pause.of(next);
        next = next.multipliedBy(2);
      }
    }
  }

  private void keepQuiet(Account account) throws InterruptedException {
    Long until = quietUntil.get(account.authorization());
    if (until != null) {
      long left = until - nanoTime.getAsLong();
      if (left > 0) {
        pause.of(Duration.ofNanos(left));
      }
      quietUntil.remove(account.authorization(), until);
    }
  }

  private HttpResponse<String> answer(HttpRequest request, String what)
      throws IOException, InterruptedException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw CloudFault.passing("BrowserStack cannot be reached for " + what + ": " + e);
    }
  }

  /** The pause that the answer asks for, a minute at most. */
  private static Optional<Duration> named(HttpResponse<String> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(seconds -> seconds.matches("\\d{1,6}"))
        .map(seconds -> Duration.ofSeconds(Math.min(LONGEST_PAUSE_S, Long.parseLong(seconds))));
  }

  private JsonNode parsed(String body, String what) throws CloudFault {
    try {
      return json.readTree(body);
    } catch (JsonProcessingException e) {
      throw new CloudFault(
          FailureKind.INFRASTRUCTURE, "BrowserStack's answer about " + what + " is no JSON");
    }
  }

  private String reason(String body) {
    try {
      JsonNode answer = json.readTree(body);
      String error = answer.path("error").asText();
      return error.isEmpty() ? answer.path("message").asText() : error;
    } catch (JsonProcessingException e) {
      return "";
    }
  }
}
