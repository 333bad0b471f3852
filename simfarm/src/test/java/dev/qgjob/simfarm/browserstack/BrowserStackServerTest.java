package dev.qgjob.simfarm.browserstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.qgjob.simfarm.Farm;
import dev.qgjob.simfarm.apk.TestApk;
import dev.qgjob.simfarm.http.JsonExchange;
import dev.qgjob.simfarm.phone.PhoneKind;
import dev.qgjob.simfarm.phone.TestPhone;
import dev.qgjob.simfarm.screen.Screens;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The stand-in over real HTTPS, before an Appium that only notes what it is asked. */
@Timeout(60)
class BrowserStackServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
  private final AtomicInteger next = new AtomicInteger();
  private HttpServer appium;
  private Farm farm;
  private BrowserStackServer server;
  private HttpClient client;

  @BeforeEach
  void open() throws Exception {
    appium = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    appium.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
          boolean create = exchange.getRequestURI().getPath().equals("/session");
          JsonExchange.answer(
              exchange,
              200,
              Map.of(
                  "value",
                  create
                      ? Map.of("sessionId", "s" + next.incrementAndGet(), "capabilities", Map.of())
                      : "done"));
        });
    appium.start();
    farm = Farm.open(new Farm.Plan(2, 0, PhoneKind.DEVICE, Duration.ZERO, Screens.builtIn()));
    Path ca = folder.resolve("ca.pem");
    server =
        new BrowserStackServer(
            new BrowserStackServer.Plan(
                0,
                URI.create("http://127.0.0.1:" + appium.getAddress().getPort()),
                Optional.of(5099),
                1,
                "user",
                "key",
                ca,
                folder),
            farm.phones(),
            farm.executor(),
            InstantSource.system());
    client = HttpClient.newBuilder().sslContext(trust(ca)).build();
  }

  @AfterEach
  void close() {
    server.close();
    farm.close();
    appium.stop(0);
  }

  @Test
  void nobodyGetsInWithoutTheKey() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + "/app-automate/plan.json"))
            .header("Authorization", "Basic " + base64("user:wrong"))
            .build();

    assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
  }

  @Test
  void theSameAppGetsTheSameAddressAndIsFoundByItsCustomId() throws Exception {
    JsonNode first = upload("one");
    JsonNode again = upload("one");
    JsonNode other = upload("two");

    assertThat(first.path("app_url").asText()).matches("bs://[0-9a-f]{40}");
    assertThat(first.path("shareable_id").asText()).isEqualTo("user/mine");
    assertThat(again.path("app_url")).isEqualTo(first.path("app_url"));
    assertThat(other.path("app_url")).isNotEqualTo(first.path("app_url"));
    assertThat(call("GET", "/app-automate/recent_apps/mine", "").path(0).path("app_url"))
        .isEqualTo(other.path("app_url"));
    assertThat(server.report().uploads()).isEqualTo(3);
  }

  @Test
  void whatIsNoAppIsRefused() throws Exception {
    JsonNode answer =
        send(
            "POST",
            "/app-automate/upload",
            BodyPublishers.ofString("custom_id=a"),
            "application/x-www-form-urlencoded");

    assertThat(answer.path("error").asText()).contains("'file'");
  }

  @Test
  void aSessionGetsAPhoneAndItsCapabilitiesAreRewritten() throws Exception {
    String id = session(upload("one").path("app_url").asText());

    JsonNode sent =
        JSON.readTree(asked.element().substring("POST /session ".length()))
            .path("capabilities")
            .path("alwaysMatch");
    assertThat(sent.path("appium:udid").asText())
        .isEqualTo(farm.phones().get(0).phone().identity().serial());
    assertThat(sent.path("appium:adbPort").asInt()).isEqualTo(5099);
    assertThat(sent.path("appium:fullReset").asBoolean()).isTrue();
    assertThat(Path.of(sent.path("appium:app").asText())).exists();
    assertThat(sent.has("bstack:options")).isFalse();

    JsonNode details =
        call("GET", "/app-automate/sessions/" + id + ".json", "").path("automation_session");
    assertThat(details.path("status").asText()).isEqualTo("running");
    assertThat(details.path("name").asText()).isEqualTo("my session");
    assertThat(details.path("app_details").path("app_name").asText()).isEqualTo("org.example");
    assertThat(details.has("video_url")).isFalse();
  }

  @Test
  void theParallelsOfThePlanAreKept() throws Exception {
    String app = upload("one").path("app_url").asText();
    String first = session(app);
    CompletableFuture<String> second =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return session(app);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    await().until(() -> server.report().queued() == 1);
    JsonNode plan = call("GET", "/app-automate/plan.json", "");
    assertThat(plan.path("parallel_sessions_running").asInt()).isEqualTo(1);
    assertThat(plan.path("team_parallel_sessions_max_allowed").asInt()).isEqualTo(1);
    assertThat(plan.path("queued_sessions").asInt()).isEqualTo(1);
    assertThat(second).isNotDone();

    call("DELETE", "/wd/hub/session/" + first, "");

    assertThat(second.get()).isNotEqualTo(first);
    assertThat(server.report().mostRunning()).isEqualTo(1);
    assertThat(server.report().mostQueued()).isEqualTo(1);
    assertThat(
            call("GET", "/wd/hub/session/" + first + "/source", "")
                .path("value")
                .path("error")
                .asText())
        .isEqualTo("invalid session id");
  }

  @Test
  void theClientsVerdictStays() throws Exception {
    String id = session(upload("one").path("app_url").asText());
    call(
        "PUT",
        "/app-automate/sessions/" + id + ".json",
        "{\"status\":\"failed\",\"reason\":\"why\"}");
    call("DELETE", "/wd/hub/session/" + id, "");

    JsonNode details =
        call("GET", "/app-automate/sessions/" + id + ".json", "").path("automation_session");
    assertThat(details.path("status").asText()).isEqualTo("failed");
    assertThat(details.path("reason").asText()).isEqualTo("why");
    assertThat(
            call("PUT", "/app-automate/sessions/" + id + ".json", "{\"status\":\"great\"}")
                .path("error")
                .asText())
        .contains("'great'");
  }

  @Test
  void anAppThatWasNotUploadedMakesNoSession() throws Exception {
    JsonNode answer = call("POST", "/wd/hub/session", capabilities("bs://0000"));

    assertThat(answer.path("value").path("message").asText()).contains("bs://0000");
    assertThat(asked).isEmpty();
    assertThat(server.report().running()).isZero();
  }

  @Test
  void otherAppsComeAlong() throws Exception {
    String app = upload("one").path("app_url").asText();
    String other = upload("two").path("app_url").asText();
    call("POST", "/wd/hub/session", capabilities(app, "[\"%s\"]".formatted(other)));
    JsonNode sent =
        JSON.readTree(asked.element().substring("POST /session ".length()))
            .path("capabilities")
            .path("alwaysMatch");
    assertThat(sent.path("appium:otherApps").isTextual()).as("as Appium wants it").isTrue();
    JsonNode files = JSON.readTree(sent.path("appium:otherApps").asText());
    assertThat(files).hasSize(1);
    assertThat(Path.of(files.get(0).asText())).exists();
  }

  @Test
  void otherAppsThatWereNotUploadedMakeNoSession() throws Exception {
    String app = upload("one").path("app_url").asText();
    JsonNode answer = call("POST", "/wd/hub/session", capabilities(app, "[\"bs://0000\"]"));
    assertThat(answer.path("value").path("message").asText()).contains("otherApps");
    assertThat(asked).isEmpty();
  }

  @Test
  void itGoesWrongAsOftenAsItIsTold() throws Exception {
    String app = upload("one").path("app_url").asText();
    server.faults().order(Map.of("where", "session", "what", "queue-full", "times", "2"));
    for (int i = 0; i < 2; i++) {
      assertThat(
              call("POST", "/wd/hub/session", capabilities(app))
                  .path("value")
                  .path("message")
                  .asText())
          .contains("BROWSERSTACK_QUEUE_SIZE_EXCEEDED");
    }
    session(app);
    server.faults().order(Map.of("where", "api", "what", "too-many", "retry_after", "7"));
    assertThat(answer("/app-automate/plan.json").headers().firstValue("Retry-After")).contains("7");
    assertThat(answer("/app-automate/plan.json").statusCode()).isEqualTo(200);
    server.faults().order(Map.of("where", "upload", "what", "out-of-minutes"));
    assertThat(upload("one").path("error").asText()).contains("TESTING_TIME_LIMIT_EXHAUSTED");
    server.faults().order(Map.of("where", "api", "what", "out-of-order"));
    server.faults().order(Map.of("where", "api", "what", "none"));
    assertThat(answer("/app-automate/plan.json").statusCode()).isEqualTo(200);
    assertThatThrownBy(() -> server.faults().order(Map.of("where", "api", "what", "fire")))
        .hasMessageContaining("out-of-order");
  }

  @Test
  void moreThanBrowserStackTakesIsRefused() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(upload("one").has("app_url")).isTrue();
    }
    assertThat(upload("one").path("error").asText()).isEqualTo("Too many requests");
    assertThat(server.report().limited()).isEqualTo(1);
    assertThat(server.report().uploads()).isEqualTo(5);
  }

  private HttpResponse<String> answer(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .header("Authorization", "Basic " + base64("user:key"))
            .build(),
        BodyHandlers.ofString());
  }

  private String session(String app) throws Exception {
    String id =
        call("POST", "/wd/hub/session", capabilities(app)).path("value").path("sessionId").asText();
    assertThat(id).startsWith("s");
    return id;
  }

  private static String capabilities(String app) {
    return capabilities(app, "[]");
  }

  private static String capabilities(String app, String others) {
    return """
    {"capabilities": {"firstMatch": [{}], "alwaysMatch": {
      "bstack:options": {"deviceName": "Google Pixel 8", "sessionName": "my session"},
      "appium:app": "%s", "appium:otherApps": %s, "appium:fullReset": true}}}
    """
        .formatted(app, others);
  }

  private JsonNode upload(String content) throws Exception {
    Path apk = folder.resolve(content + ".apk");
    if (!Files.exists(apk)) { // a signature is never made twice the same
      TestApk.signed(apk, "org.example", 1, content, TestPhone.KEY);
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(
        "--b\r\nContent-Disposition: form-data; name=\"custom_id\"\r\n\r\nmine\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.apk\"\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII));
    body.writeBytes(Files.readAllBytes(apk));
    body.writeBytes("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
    return send(
        "POST",
        "/app-automate/upload",
        BodyPublishers.ofByteArray(body.toByteArray()),
        "multipart/form-data; boundary=b");
  }

  private JsonNode call(String method, String path, String body) throws Exception {
    return send(method, path, BodyPublishers.ofString(body), "application/json");
  }

  private JsonNode send(String method, String path, BodyPublisher body, String type)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .header("Authorization", "Basic " + base64("user:key"))
            .header("Content-Type", type)
            .method(method, body)
            .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    return JSON.readTree(response.body());
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static SSLContext trust(Path ca) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(ca)) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
