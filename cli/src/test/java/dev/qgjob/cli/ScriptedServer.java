package dev.qgjob.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.qgjob.client.Json;
import dev.qgjob.protocol.Paths;
import dev.qgjob.protocol.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A server that speaks the real protocol's records, as told beforehand: each address has a list of
 * answers, the last of which repeats. It checks the token, keeps uploads by their hash, and
 * remembers what it was asked.
 */
public final class ScriptedServer implements AutoCloseable {
  /** What it accepts. */
  public static final String TOKEN = "a-good-token";

  /** A request that it had. */
  public record Heard(String line, Map<String, String> headers, byte[] body) {
    public <T> T json(Class<T> type) {
      try {
        return Json.mapper().readValue(body, type);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private record Answer(int status, Object body) {}

  private final HttpServer http;
  private final Map<String, Deque<Answer>> script = new ConcurrentHashMap<>();
  private final ExecutorService executor =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "scripted-server");
            thread.setDaemon(true);
            return thread;
          });
  private final Map<String, BlockingQueue<String>> streams = new ConcurrentHashMap<>();
  private final List<Heard> heard = new CopyOnWriteArrayList<>();
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();

  public ScriptedServer() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.createContext("/", this::handle);
    http.setExecutor(executor); // a stream of events holds a thread
    http.start();
  }

  public String url() {
    return "http://localhost:" + http.getAddress().getPort();
  }

  /** Adds an answer to {@code GET /runs/r1} and the like. */
  public ScriptedServer on(String line, int status, Object body) {
    script.computeIfAbsent(line, key -> new ArrayDeque<>()).add(new Answer(status, body));
    return this;
  }

  public ScriptedServer on(String line, Object body) {
    return on(line, 200, body);
  }

  public ScriptedServer refuse(String line, int status, String title, String action) {
    return on(line, status, new Problem("refused", title, status, null, null, action, "c0ffee"));
  }

  /** Is silent where it would answer: the connection just ends. */
  public ScriptedServer hangUp(String line) {
    return on(line, -1, "");
  }

  /** A stream at this address, which says what is put into the queue; "" ends it. */
  public BlockingQueue<String> stream(String line) {
    return streams.computeIfAbsent(line, key -> new LinkedBlockingQueue<>());
  }

  private static void stream(HttpExchange exchange, BlockingQueue<String> lines)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().flush();
    try {
      for (String text = lines.take(); !text.isEmpty(); text = lines.take()) {
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public List<Heard> heard() {
    return heard;
  }

  public Optional<Heard> heard(String line) {
    return heard.stream().filter(request -> request.line().equals(line)).findFirst();
  }

  public Map<String, byte[]> blobs() {
    return blobs;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getRawPath();
      String query = exchange.getRequestURI().getRawQuery();
      String below = path.startsWith(Paths.API) ? path.substring(Paths.API.length()) : path;
      String line = exchange.getRequestMethod() + " " + below + (query == null ? "" : "?" + query);
      Map<String, String> headers = new ConcurrentHashMap<>();
      exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
      Heard request = new Heard(line, headers, body);
      heard.add(request);
      answer(exchange, request);
    }
  }

  private void answer(HttpExchange exchange, Heard request) throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (!request.line().equals("GET /health") && !("Bearer " + TOKEN).equals(authorization)) {
      send(
          exchange,
          401,
          new Problem("unauthorised", "the token is not known", 401, null, null, null, null));
      return;
    }
    Deque<Answer> answers = script.get(request.line());
    BlockingQueue<String> lines = streams.get(request.line());
    if (lines != null) {
      stream(exchange, lines);
    } else if (answers != null) {
      Answer answer = answers.size() > 1 ? answers.poll() : answers.peek();
      if (answer.status() >= 0) {
        send(exchange, answer.status(), answer.body());
      }
    } else if (request.line().equals("POST /blobs/missing")) {
      var question = request.json(dev.qgjob.protocol.submit.BlobQuestion.class);
      List<String> missing =
          question.sha256s().stream().filter(sha -> !blobs.containsKey(sha)).toList();
      send(exchange, 200, new dev.qgjob.protocol.submit.BlobAnswer(missing));
    } else if (request.line().startsWith("PUT /blobs/")) {
      keep(exchange, request);
    } else {
      send(
          exchange,
          404,
          new Problem("unknown", "there is no " + request.line(), 404, null, null, null, null));
    }
  }

  private void keep(HttpExchange exchange, Heard request) throws IOException {
    String named = request.line().substring("PUT /blobs/".length());
    if (!named.equals(sha256(request.body()))) {
      send(
          exchange,
          422,
          new Problem("hash", "the bytes have another hash", 422, null, null, null, null));
      return;
    }
    blobs.put(named, request.body());
    send(exchange, 201, "");
  }

  private static void send(HttpExchange exchange, int status, Object body) throws IOException {
    byte[] bytes =
        body instanceof byte[] raw
            ? raw
            : body instanceof String text
                ? text.getBytes(StandardCharsets.UTF_8)
                : Json.mapper().writeValueAsBytes(body);
    exchange
        .getResponseHeaders()
        .set("Content-Type", body instanceof Problem ? Paths.PROBLEM_JSON : "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of()
          .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.stop(0);
    executor.shutdownNow();
  }
}
