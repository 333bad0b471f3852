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
import java.util.concurrent.TimeUnit;

/**
 * BrowserStack's API. A request that meets 429 or a passing failure is repeated, after the pause
 * that the answer names or one that doubles. Thread-safe.
 */
final class CloudApi {
  /** The first pause between tries. */
  static final Duration BACK_OFF = Duration.ofSeconds(2);

  private static final int TRIES = 4;
  private static final long LONGEST_PAUSE_S = 60;

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20)).build();
  private final Endpoints endpoints;
  private final Duration backOff;

  CloudApi(Endpoints endpoints, Duration backOff) {
    this.endpoints = endpoints;
    this.backOff = backOff;
  }

  /** Reads something. */
  JsonNode ask(Account account, String path, Duration most)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(endpoints.api().resolve(path))
            .timeout(most)
            .header("Authorization", account.authorization())
            .GET()
            .build(),
        path);
  }

  /**
   * Sends a request that may be repeated.
   *
   * @param what it is about, for people
   * @throws CloudFault when BrowserStack refuses it, or does not answer
   */
  JsonNode send(HttpRequest request, String what) throws IOException, InterruptedException {
    Duration pause = backOff;
    for (int tries = 1; ; tries++) {
      HttpResponse<String> response = answer(request, what);
      int status = response.statusCode();
      if (status / 100 == 2) {
        return parsed(response.body(), what);
      }
      boolean passing = status == 429 || status >= 500;
      if (!passing || tries == TRIES) {
        throw CloudFault.of(what, status, reason(response.body()));
      }
      TimeUnit.NANOSECONDS.sleep(named(response, pause).toNanos());
      pause = pause.multipliedBy(2);
    }
  }

  private HttpResponse<String> answer(HttpRequest request, String what)
      throws IOException, InterruptedException {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new CloudFault(
          FailureKind.INFRASTRUCTURE, "BrowserStack cannot be reached for " + what + ": " + e);
    }
  }

  private static Duration named(HttpResponse<String> response, Duration otherwise) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(seconds -> seconds.matches("\\d{1,4}"))
        .map(seconds -> Duration.ofSeconds(Math.min(LONGEST_PAUSE_S, Long.parseLong(seconds))))
        .orElse(otherwise);
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
