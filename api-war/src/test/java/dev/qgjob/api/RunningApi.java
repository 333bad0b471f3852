package dev.qgjob.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import org.glassfish.jersey.jdkhttp.JdkHttpServerFactory;

/** The API over {@link Fakes} on a free port of the loopback. */
final class RunningApi implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  final Fakes fakes = new Fakes();
  private final HttpServer server =
      JdkHttpServerFactory.createHttpServer(
          URI.create("http://127.0.0.1:0/api/v1"), new ApiApplication(fakes.ports()));

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  Answer get(String path, String token) {
    return send("GET", path, token, null, Map.of());
  }

  Answer post(String path, String token, String json) {
    return send("POST", path, token, json, Map.of("Content-Type", "application/json"));
  }

  Answer send(String method, String path, String token, String body, Map<String, String> headers) {
    return transfer(
        method,
        path,
        token,
        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body),
        headers);
  }

  Answer transfer(
      String method,
      String path,
      String token,
      HttpRequest.BodyPublisher body,
      Map<String, String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri().resolve("/api/v1" + path)).method(method, body);
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    headers.forEach(request::header);
    try {
      return new Answer(HTTP.send(request.build(), BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** An answer of the server. */
  record Answer(HttpResponse<String> http) {
    private static final ObjectMapper JSON = new ObjectMapper();

    int status() {
      return http.statusCode();
    }

    String header(String name) {
      return http.headers().firstValue(name).orElse(null);
    }

    String body() {
      return http.body();
    }

    JsonNode json() {
      try {
        return JSON.readTree(http.body());
      } catch (IOException e) {
        throw new UncheckedIOException(http.body(), e);
      }
    }

    String text(String member) {
      return json().path(member).asText(null);
    }
  }
}
