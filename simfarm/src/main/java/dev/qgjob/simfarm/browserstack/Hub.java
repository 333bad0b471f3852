package dev.qgjob.simfarm.browserstack;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.qgjob.simfarm.browserstack.Appium.Answer;
import dev.qgjob.simfarm.device.SimulatedPhone;
import dev.qgjob.simfarm.http.JsonExchange;
import dev.qgjob.simfarm.phone.InstalledPackage;
import dev.qgjob.simfarm.phone.PackageStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The WebDriver hub: gives every session a phone without the app, hands its commands to Appium, and
 * takes the phone back at the end. Thread-safe.
 */
final class Hub {
  private static final Logger LOG = LoggerFactory.getLogger(Hub.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String EXECUTOR = "browserstack_executor:";
  private static final int MOST_OTHERS = 3;

  static final String QUEUE_FULL =
      "[BROWSERSTACK_QUEUE_SIZE_EXCEEDED] All parallel tests are currently in use, including the"
          + " queued tests. Please wait to finish or upgrade your plan to add more sessions.";

  /** BrowserStack's own words for it are not known. */
  static final String DROPPED =
      "[BROWSERSTACK_QUEUE_TIMEOUT] The session waited too long in the queue";

  private final Uploads uploads;
  private final Faults faults;
  private volatile Map<String, Object> lastOptions = Map.of();
  private final Parallels parallels;
  private final Sessions sessions;
  private final Appium appium;

  Hub(Uploads uploads, Parallels parallels, Sessions sessions, Appium appium, Faults faults) {
    this.faults = faults;
    this.uploads = uploads;
    this.parallels = parallels;
    this.sessions = sessions;
    this.appium = appium;
  }

  /**
   * Answers one command.
   *
   * @param path after {@code /wd/hub}
   */
  void handle(HttpExchange exchange, String path) throws IOException, InterruptedException {
    byte[] body = exchange.getRequestBody().readNBytes(64 * 1024 * 1024);
    String method = exchange.getRequestMethod();
    String[] parts = path.split("/", 4);
    if (method.equals("POST") && path.equals("/session")) {
      create(exchange, body);
    } else if (method.equals("GET") && path.equals("/status")) {
      answer(exchange, 200, Map.of("ready", true, "message", "simfarm"));
    } else if (parts.length < 3 || !parts[1].equals("session")) {
      fail(exchange, 404, "unknown command", method + " " + path);
    } else if (sessions.use(parts[2]).isEmpty()) {
      fail(exchange, 404, "invalid session id", "Session not started or terminated");
    } else if (method.equals("DELETE") && parts.length == 3) {
      Answer answer = appium.send(method, path, body);
      end(parts[2], "done");
      pass(exchange, answer);
    } else if (path.endsWith("/execute/sync") && executes(parts[2], body)) {
      answer(exchange, 200, null);
    } else {
      pass(exchange, appium.send(method, path, body));
    }
  }

  /** Ends sessions whose client is gone. */
  void endIdle() {
    for (Session session : sessions.idle()) {
      try {
        appium.send("DELETE", "/session/" + session.id(), new byte[0]);
      } catch (IOException e) {
        LOG.warn("Appium did not end idle session {}: {}", session.id(), e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      end(session.id(), "timeout");
    }
  }

  /** {@code bstack:options} of the session that was asked for last. */
  Map<String, Object> lastOptions() {
    return lastOptions;
  }

  private void create(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
    Optional<Faults.Fault> fault = faults.take(Faults.Place.SESSION);
    if (fault.isPresent()) {
      fault.get().retryAfter().ifPresent(seconds -> retryAfter(exchange, seconds));
      fail(exchange, fault.get().status(), "session not created", fault.get().message());
      return;
    }
    JsonNode wanted = merged(JSON.readTree(body).path("capabilities"));
    JsonNode options = wanted.path("bstack:options");
    if (options.isObject()) {
      lastOptions = JSON.convertValue(options, new TypeReference<Map<String, Object>>() {});
    }
    if (options.path("local").asBoolean() && options.path("localIdentifier").asText().isEmpty()) {
      fail(exchange, 400, "session not created", "'local' without a 'localIdentifier'");
      return;
    }
    String appNamed = wanted.path("appium:app").asText();
    Optional<UploadedApp> app = uploads.find(appNamed);
    if (app.isEmpty()) {
      fail(
          exchange,
          400,
          "session not created",
          "[BROWSERSTACK_INVALID_APP_CAP] The app '"
              + appNamed
              + "' was not uploaded: upload it first");
      return;
    }
    JsonNode named = wanted.path("appium:otherApps");
    List<UploadedApp> others = others(named);
    if (others.size() != named.size() || others.size() > MOST_OTHERS) {
      fail(
          exchange,
          400,
          "session not created",
          "The apps list you have entered in the otherApps needs to be an array of at most "
              + MOST_OTHERS
              + " apps that were uploaded");
      return;
    }
    Parallels.Turn turn = parallels.await();
    if (turn instanceof Parallels.Turn.Yours yours) {
      start(exchange, wanted, app.get(), others, yours.phone());
    } else {
      fail(
          exchange,
          500,
          "session not created",
          turn instanceof Parallels.Turn.QueueFull ? QUEUE_FULL : DROPPED);
    }
  }

  private List<UploadedApp> others(JsonNode named) {
    List<UploadedApp> others = new ArrayList<>();
    named.forEach(one -> uploads.find(one.asText()).ifPresent(others::add));
    return others;
  }

  private void start(
      HttpExchange exchange,
      JsonNode wanted,
      UploadedApp app,
      List<UploadedApp> others,
      SimulatedPhone phone)
      throws IOException, InterruptedException {
    boolean started = false;
    try {
      wipe(phone);
      Answer answer =
          appium.send(
              "POST",
              "/session",
              appium.newSession(wanted, phone.phone().identity(), app, others, freePort()));
      String id = JSON.readTree(answer.body()).path("value").path("sessionId").asText();
      if (answer.status() == 200 && !id.isEmpty()) {
        JsonNode options = wanted.path("bstack:options");
        sessions.add(
            new Session(
                id,
                phone,
                app,
                options.path("sessionName").asText(),
                options.path("buildName").asText(),
                options.path("deviceName").asText("Simfarm Phone"),
                options.path("osVersion").asText("14.0"),
                "running",
                "",
                true,
                sessions.now(),
                sessions.now()));
        started = true;
      }
      pass(exchange, answer);
    } finally {
      if (!started) {
        parallels.giveBack(phone);
      }
    }
  }

  private void end(String id, String status) {
    sessions
        .end(id, status)
        .ifPresent(
            session -> {
              wipe(session.phone());
              parallels.giveBack(session.phone());
            });
  }

  /** The next customer finds a phone without apps, as on BrowserStack. */
  private static void wipe(SimulatedPhone phone) {
    for (InstalledPackage each : phone.phone().packages().all()) {
      if (!PackageStore.isHelper(each.apk().packageName())) {
        phone.phone().uninstall(each.apk().packageName());
      }
    }
  }

  /** Handles a script that is meant for BrowserStack itself. Returns whether it was one. */
  private boolean executes(String id, byte[] body) throws IOException {
    String script = JSON.readTree(body).path("script").asText();
    if (!script.startsWith(EXECUTOR)) {
      return false;
    }
    JsonNode order = JSON.readTree(script.substring(EXECUTOR.length()));
    JsonNode arguments = order.path("arguments");
    switch (order.path("action").asText()) {
      case "setSessionStatus" ->
          sessions.change(
              id,
              session ->
                  session.marked(
                      arguments.path("status").asText(), arguments.path("reason").asText()));
      case "setSessionName" ->
          sessions.change(id, session -> session.named(arguments.path("name").asText()));
      default -> LOG.info("the executor ignores '{}'", order.path("action").asText());
    }
    return true;
  }

  private static ObjectNode merged(JsonNode capabilities) {
    ObjectNode all = JSON.createObjectNode();
    for (JsonNode part :
        new JsonNode[] {
          capabilities.path("alwaysMatch"), capabilities.path("firstMatch").path(0)
        }) {
      part.properties().forEach(each -> all.set(each.getKey(), each.getValue()));
    }
    return all;
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private static void pass(HttpExchange exchange, Answer answer) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
    exchange.sendResponseHeaders(answer.status(), answer.body().length);
    exchange.getResponseBody().write(answer.body());
    exchange.close();
  }

  private static void answer(HttpExchange exchange, int status, @Nullable Object value)
      throws IOException {
    Map<String, @Nullable Object> body = new HashMap<>();
    body.put("value", value);
    JsonExchange.answer(exchange, status, body);
  }

  static void retryAfter(HttpExchange exchange, long seconds) {
    exchange.getResponseHeaders().set("Retry-After", Long.toString(seconds));
  }

  static void fail(HttpExchange exchange, int status, String error, String message)
      throws IOException {
    answer(
        exchange,
        status,
        Map.of(
            "error", error,
            "message", message,
            "stacktrace", ""));
  }
}
