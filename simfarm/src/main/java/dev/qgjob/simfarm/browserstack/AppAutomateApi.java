package dev.qgjob.simfarm.browserstack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import dev.qgjob.simfarm.http.JsonExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * BrowserStack's REST calls for App Automate, as far as AppWright and a scheduler use them.
 * Thread-safe.
 */
final class AppAutomateApi {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PAGES = "https://app-automate.browserstack.com/dashboard/sessions/";
  private static final long LARGEST_APP = 1024L * 1024 * 1024;

  private final String user;
  private final Uploads uploads;
  private final Parallels parallels;
  private final Sessions sessions;

  AppAutomateApi(String user, Uploads uploads, Parallels parallels, Sessions sessions) {
    this.user = user;
    this.uploads = uploads;
    this.parallels = parallels;
    this.sessions = sessions;
  }

  /**
   * Answers one call.
   *
   * @param path after {@code /app-automate}
   */
  void handle(HttpExchange exchange, String path) throws IOException, InterruptedException {
    String call = exchange.getRequestMethod() + " " + path;
    switch (call) {
      case "POST /upload" -> upload(exchange);
      case "GET /plan.json" -> JsonExchange.answer(exchange, 200, plan());
      case "GET /recent_apps" -> recent(exchange, Optional.empty());
      case "GET /devices.json" ->
          JsonExchange.answer(
              exchange,
              200,
              List.of(
                  Map.of(
                      "os", "android",
                      "os_version", "14.0",
                      "device", "Simfarm Phone",
                      "realMobile", true)));
      default -> {
        if (call.startsWith("GET /recent_apps/")) {
          recent(exchange, Optional.of(path.substring("/recent_apps/".length())));
        } else if (call.startsWith("DELETE /app/delete/")) {
          delete(exchange, path.substring("/app/delete/".length()));
        } else if (path.matches("/sessions/[^/]+\\.json")) {
          session(
              exchange, path.substring("/sessions/".length(), path.length() - ".json".length()));
        } else {
          JsonExchange.fail(exchange, 404, "the stand-in does not know " + call);
        }
      }
    }
  }

  private Map<String, Object> plan() {
    Parallels.Load load = parallels.load();
    Map<String, Object> plan = new LinkedHashMap<>();
    plan.put("automate_plan", "App Automate (simfarm)");
    plan.put("parallel_sessions_running", load.running());
    plan.put("team_parallel_sessions_max_allowed", load.allowed());
    plan.put("parallel_sessions_max_allowed", load.allowed());
    plan.put("queued_sessions", load.queued());
    plan.put("queued_sessions_max_allowed", load.queueAllowed());
    return plan;
  }

  private void upload(HttpExchange exchange) throws IOException, InterruptedException {
    Map<String, String> fields = new HashMap<>();
    Path arrived = uploads.scratchFile();
    try {
      form(exchange, fields, arrived);
      if (!Files.exists(arrived) && fields.containsKey("url")) {
        fetch(fields.get("url"), arrived);
      }
      if (!Files.exists(arrived)) {
        JsonExchange.fail(exchange, 422, "send the app as 'file', or its address as 'url'");
        return;
      }
      Uploads.Result result = uploads.keep(arrived, Optional.ofNullable(fields.get("custom_id")));
      if (result instanceof Uploads.Result.Refused refused) {
        JsonExchange.fail(
            exchange, 422, "[BROWSERSTACK_INVALID_APP] not an app: " + refused.reason());
        return;
      }
      UploadedApp app = ((Uploads.Result.Kept) result).app();
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("app_url", app.url());
      app.customId().ifPresent(id -> answer.put("custom_id", id));
      app.customId().ifPresent(id -> answer.put("shareable_id", user + "/" + id));
      JsonExchange.answer(exchange, 200, answer);
    } catch (TooLargeException e) {
      JsonExchange.fail(exchange, 413, "an app has at most 1 GB");
    } finally {
      Files.deleteIfExists(arrived);
    }
  }

  private static void form(HttpExchange exchange, Map<String, String> fields, Path file)
      throws IOException {
    String type =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type")).orElse("");
    InputStream body = exchange.getRequestBody();
    Optional<String> boundary = Multipart.boundary(type);
    if (boundary.isPresent()) {
      Multipart.read(
          body,
          boundary.get(),
          (name, sent) ->
              sent.isPresent() ? bounded(Files.newOutputStream(file)) : field(name, fields));
      return;
    }
    String text = new String(body.readNBytes(64 * 1024), StandardCharsets.UTF_8);
    if (type.startsWith("application/json")) {
      JSON.readTree(text)
          .properties()
          .forEach(each -> fields.put(each.getKey(), each.getValue().asText()));
      return;
    }
    for (String pair : text.split("&", -1)) {
      String[] both = pair.split("=", 2);
      if (both.length == 2) {
        fields.put(
            URLDecoder.decode(both[0], StandardCharsets.UTF_8),
            URLDecoder.decode(both[1], StandardCharsets.UTF_8));
      }
    }
  }

  private static OutputStream field(String name, Map<String, String> fields) {
    return new ByteArrayOutputStream() {
      @Override
      public synchronized void write(byte[] bytes, int from, int length) {
        if (size() + length <= 64 * 1024) {
          super.write(bytes, from, length);
        }
      }

      @Override
      public void close() {
        fields.put(name, toString(StandardCharsets.UTF_8));
      }
    };
  }

  private static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private static OutputStream bounded(OutputStream out) {
    return new java.io.BufferedOutputStream(out, 64 * 1024) {
      private long written;

      @Override
      public synchronized void write(int b) throws IOException {
        more(1);
        super.write(b);
      }

      @Override
      public synchronized void write(byte[] bytes, int from, int length) throws IOException {
        more(length);
        super.write(bytes, from, length);
      }

      private void more(int length) throws IOException {
        written += length;
        if (written > LARGEST_APP) {
          throw new TooLargeException();
        }
      }
    };
  }

  private static void fetch(@Nullable String url, Path into)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response;
    try {
      response =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.NORMAL)
              .build()
              .send(
                  HttpRequest.newBuilder(URI.create(String.valueOf(url)))
                      .timeout(Duration.ofMinutes(5))
                      .build(),
                  BodyHandlers.ofInputStream());
    } catch (IllegalArgumentException e) {
      return;
    }
    try (InputStream body = response.body();
        OutputStream out = bounded(Files.newOutputStream(into))) {
      if (response.statusCode() == 200) {
        body.transferTo(out);
      }
    }
  }

  private void recent(HttpExchange exchange, Optional<String> customId) throws IOException {
    List<Map<String, Object>> apps =
        uploads.recent().stream()
            .filter(app -> customId.isEmpty() || app.customId().equals(customId))
            .map(this::describe)
            .toList();
    JsonExchange.answer(
        exchange, 200, apps.isEmpty() ? Map.of("message", "No results found") : apps);
  }

  private Map<String, Object> describe(UploadedApp app) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("app_name", app.packageName());
    all.put("app_version", app.versionName());
    all.put("app_url", app.url());
    all.put("app_id", app.id());
    all.put("uploaded_at", app.uploadedAt().toString());
    app.customId().ifPresent(id -> all.put("custom_id", id));
    app.customId().ifPresent(id -> all.put("shareable_id", user + "/" + id));
    return all;
  }

  private void delete(HttpExchange exchange, String id) throws IOException {
    if (uploads.delete(id)) {
      JsonExchange.answer(exchange, 200, Map.of("success", true));
    } else {
      JsonExchange.fail(exchange, 404, "no app " + id);
    }
  }

  private void session(HttpExchange exchange, String id) throws IOException {
    Optional<Session> found = sessions.find(id);
    if (found.isEmpty()) {
      JsonExchange.fail(exchange, 404, "no session " + id);
    } else if (exchange.getRequestMethod().equals("PUT")) {
      change(exchange, id);
    } else {
      JsonExchange.answer(exchange, 200, describe(found.get()));
    }
  }

  private void change(HttpExchange exchange, String id) throws IOException {
    JsonNode body;
    try {
      body = JSON.readTree(exchange.getRequestBody().readNBytes(64 * 1024));
    } catch (JsonProcessingException e) {
      JsonExchange.fail(exchange, 400, "the body is not JSON");
      return;
    }
    String status = body.path("status").asText();
    if (!status.isEmpty() && !List.of("passed", "failed").contains(status)) {
      JsonExchange.fail(exchange, 400, "'status' is '" + status + "', neither passed nor failed");
      return;
    }
    Optional<Session> changed =
        sessions.change(
            id,
            session -> {
              Session named =
                  body.hasNonNull("name") ? session.named(body.path("name").asText()) : session;
              return status.isEmpty() ? named : named.marked(status, body.path("reason").asText());
            });
    JsonExchange.answer(exchange, 200, changed.map(this::describe).orElse(Map.of()));
  }

  /** Without {@code video_url}: there is no video, and a client would wait for it. */
  private Map<String, Object> describe(Session session) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("name", session.name());
    all.put("build_name", session.build());
    all.put("os", "android");
    all.put("os_version", session.osVersion());
    all.put("device", session.device());
    all.put("status", session.status());
    all.put("reason", session.reason());
    all.put("hashed_id", session.id());
    all.put("browser_url", PAGES + session.id());
    all.put("appium_logs_url", PAGES + session.id() + "/appiumlogs");
    all.put("duration", Duration.between(session.started(), session.lastUsed()).toSeconds());
    all.put("created_at", session.started().toString());
    all.put("app_details", describe(session.app()));
    return Map.of("automation_session", all);
  }
}
