package dev.qgjob.client;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.qgjob.protocol.Paths;
import dev.qgjob.protocol.Problem;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requests to one server with one token. Thread-safe. Every call throws {@link ApiProblem} where
 * the server refuses and {@link Unreachable} where no answer comes; nothing is retried here, since
 * only the caller knows whether a repeat is harmless.
 */
public final class ApiClient {
  private final URI server;
  private final String base;
  private final @Nullable String token;
  private final Duration timeout;
  private final HttpClient http;

  /**
   * @param server such as {@code http://localhost:8080}
   * @param token bearer token, or null for what is open to all
   * @param timeout for one small request; transfers of files may take as long as they move
   * @throws IllegalArgumentException if a token would travel over plain HTTP to another machine
   */
  public ApiClient(URI server, @Nullable String token, Duration timeout) {
    if (server.getHost() == null || !("http".equals(server.getScheme()) || isTls(server))) {
      throw new IllegalArgumentException(
          "'" + server + "' is not a server URL; give it as https://host[:port]");
    }
    if (token != null && !isTls(server) && !isLoopback(server.getHost())) {
      throw new IllegalArgumentException(
          "refusing to send a token over plain HTTP to " + server.getHost() + "; use https://");
    }
    this.server = server;
    this.base = server.toString().replaceFirst("/+$", "");
    this.token = token;
    this.timeout = timeout;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5));
    if (!isTls(server)) {
      builder.sslContext(NoTls.context());
    }
    this.http = builder.build();
  }

  private static boolean isTls(URI server) {
    return "https".equals(server.getScheme());
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** The server that is spoken to. */
  public URI server() {
    return server;
  }

  /** GET below {@link Paths#API}; {@code path} starts with a slash and is encoded already. */
  public <T> T get(String path, Class<T> answer) {
    return read(send(request(path).timeout(timeout).GET()), answer);
  }

  /** GET that keeps the answer's own text beside what was read from it. */
  public <T> Answer<T> ask(String path, Class<T> answer) {
    return keep(send(request(path).timeout(timeout).GET()), answer);
  }

  /** As {@link #ask}, where the answer is the same record under a 503: how the server is. */
  public <T> Answer<T> askEvenIfUnready(String path, Class<T> answer) {
    HttpResponse<InputStream> response = exchange(request(path).timeout(timeout).GET());
    return keep(
        isProblem(response) || response.statusCode() != 503 ? good(response) : response, answer);
  }

  /** POST of a JSON body that keeps the answer's own text beside what was read from it. */
  public <T> Answer<T> tell(
      String path, Object body, Class<T> answer, Map<String, String> headers) {
    return keep(send(json(path, body, headers)), answer);
  }

  /** POST of a JSON body. */
  public <T> T post(String path, Object body, Class<T> answer) {
    return post(path, body, answer, Map.of());
  }

  /** POST of a JSON body with further headers. */
  public <T> T post(String path, Object body, Class<T> answer, Map<String, String> headers) {
    return read(send(json(path, body, headers)), answer);
  }

  private HttpRequest.Builder json(String path, Object body, Map<String, String> headers) {
    HttpRequest.Builder request =
        request(path)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(write(body)));
    headers.forEach(request::header);
    return request;
  }

  /** DELETE; whatever is answered is dropped. */
  public void delete(String path) {
    close(send(request(path).timeout(timeout).DELETE()));
  }

  /** PUT of a file's bytes. */
  public void put(String path, Path file, String contentType, Map<String, String> headers) {
    BodyPublisher body;
    try {
      body = BodyPublishers.ofFile(file);
    } catch (FileNotFoundException e) {
      throw new IllegalArgumentException(file + " cannot be read", e);
    }
    HttpRequest.Builder request = request(path).header("Content-Type", contentType).PUT(body);
    headers.forEach(request::header);
    close(send(request));
  }

  /** GET of a file; {@code target} appears only when it is whole. */
  public void download(String path, Path target) throws IOException {
    Path part = Files.createTempFile(target.toAbsolutePath().getParent(), "part", ".tmp");
    try {
      try (InputStream body = send(request(path).GET()).body()) {
        Files.copy(body, part, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + Paths.API + path))
            .header("Accept", "application/json, " + Paths.PROBLEM_JSON + ", */*;q=0.5");
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return request;
  }

  private HttpResponse<InputStream> send(HttpRequest.Builder builder) {
    return good(exchange(builder));
  }

  private static HttpResponse<InputStream> good(HttpResponse<InputStream> response) {
    if (response.statusCode() < 300) {
      return response;
    }
    try {
      throw new ApiProblem(problem(response));
    } catch (IOException e) {
      throw new Unreachable(response.uri(), e);
    }
  }

  private static boolean isProblem(HttpResponse<InputStream> response) {
    return response.headers().firstValue("Content-Type").orElse("").startsWith(Paths.PROBLEM_JSON);
  }

  private HttpResponse<InputStream> exchange(HttpRequest.Builder builder) {
    HttpRequest request = builder.build();
    try {
      return http.send(request, BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new Unreachable(request.uri(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unreachable(request.uri(), new InterruptedIOException("interrupted"));
    }
  }

  private static Problem problem(HttpResponse<InputStream> response) throws IOException {
    byte[] body;
    try (InputStream in = response.body()) {
      body = in.readNBytes(1 << 20);
    }
    if (isProblem(response)) {
      try {
        return Json.mapper().readValue(body, Problem.class);
      } catch (JsonProcessingException e) {
        // told below as what it is: an answer that is not ours
      }
    }
    return new Problem(
        "not-qgjob",
        "the server answered " + response.statusCode() + " in a form that qgjob does not know",
        response.statusCode(),
        response.uri().toString(),
        null,
        "check that the URL is a qgjob server's",
        null);
  }

  private static <T> T read(HttpResponse<InputStream> response, Class<T> type) {
    return keep(response, type).body();
  }

  private static <T> Answer<T> keep(HttpResponse<InputStream> response, Class<T> type) {
    try (InputStream body = response.body()) {
      byte[] json = body.readAllBytes();
      T value = Json.mapper().readValue(json, type);
      if (value == null) {
        throw new JsonParseException(null, "null is no answer");
      }
      return new Answer<>(value, new String(json, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new ApiProblem(
          new Problem(
              "not-qgjob",
              "the server's answer cannot be read",
              response.statusCode(),
              response.uri() + " did not answer a " + type.getSimpleName(),
              null,
              "check that the URL is a qgjob server's",
              null));
    } catch (IOException e) {
      throw new Unreachable(response.uri(), e);
    }
  }

  private static void close(HttpResponse<InputStream> response) {
    try (InputStream body = response.body()) {
      body.skip(Long.MAX_VALUE);
    } catch (IOException e) {
      throw new Unreachable(response.uri(), e);
    }
  }

  private static byte[] write(Object body) {
    try {
      return Json.mapper().writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be sent as JSON: " + body.getClass(), e);
    }
  }
}
