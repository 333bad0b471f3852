package dev.qgjob.worker.appwright;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers as BrowserStack does, API and hub, and remembers what it was asked. */
final class FakeCloud implements AutoCloseable {
  /** What an upload is called. */
  static final String APP = "bs://the-workers-upload";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final List<JsonNode> sessions = new CopyOnWriteArrayList<>();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<String> open = new CopyOnWriteArrayList<>();
  private final List<String> payers = new CopyOnWriteArrayList<>();
  private final AtomicInteger number = new AtomicInteger();

  FakeCloud() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/app-automate/upload",
        e -> {
          payers.add(String.valueOf(e.getRequestHeaders().getFirst("Authorization")));
          say(e, 200, Map.of("app_url", APP));
        });
    server.createContext("/app-automate/recent_apps", e -> say(e, 200, List.of()));
    server.createContext(
        "/app-automate/plan.json",
        e -> say(e, 200, Map.of("parallel_sessions_max_allowed", 5, "queued_sessions", 0)));
    server.createContext("/app-automate/sessions/", this::session);
    server.createContext("/wd/hub/session", this::hub);
    server.start();
  }

  private void session(HttpExchange exchange) throws IOException {
    if (exchange.getRequestMethod().equals("PUT")) {
      String body = body(exchange);
      told.add(body);
      // BrowserStack knows these two, and refuses what it does not know
      JsonNode status = JSON.readTree(body).path("status");
      boolean known = status.isMissingNode() || status.asText().matches("passed|failed");
      say(exchange, known ? 200 : 400, Map.of());
      return;
    }
    say(
        exchange,
        200,
        Map.of(
            "automation_session",
            Map.of(
                "hashed_id", "s",
                "name", "n",
                "video_url", "https://cloud.example/video",
                "app_details", Map.of("app_name", "dev.example.app"))));
  }

  private void hub(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (exchange.getRequestMethod().equals("DELETE")) {
      open.remove(path.substring(path.lastIndexOf('/') + 1));
      say(exchange, 200, JSON.createObjectNode().putNull("value"));
    } else if (path.endsWith("/session")) {
      sessions.add(JSON.readTree(body(exchange)).path("capabilities").path("alwaysMatch"));
      String id = "s" + number.incrementAndGet();
      open.add(id);
      say(exchange, 200, Map.of("value", Map.of("sessionId", id)));
    } else {
      say(exchange, 200, Map.of("value", ""));
    }
  }

  private static String body(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
  }

  private static void say(HttpExchange exchange, int status, Object answer) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] bytes = JSON.writeValueAsBytes(answer);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** Where it is. */
  URI at() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The capabilities of the sessions that were asked for. */
  List<JsonNode> sessions() {
    return sessions;
  }

  /** What sessions were told of their tests. */
  List<String> told() {
    return told;
  }

  /** The Authorization headers of all uploads. */
  List<String> payers() {
    return payers;
  }

  /** Sessions that were not ended. */
  List<String> open() {
    return open;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
