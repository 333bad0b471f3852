package dev.qgjob.worker.appium;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Requests about sessions, to an Appium server or to BrowserStack's hub. */
public final class SessionRequests {
  /** One for all: each has a thread, which goes when somebody collects the garbage. */
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private SessionRequests() {}

  /**
   * Sends one and waits for its answer.
   *
   * @throws IOException where there is none
   */
  public static <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws IOException, InterruptedException {
    return HTTP.send(request, handler);
  }
}
