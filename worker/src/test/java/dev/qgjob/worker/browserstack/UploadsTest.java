package dev.qgjob.worker.browserstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.workspace.Digests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UploadsTest {
  @TempDir Path temp;
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final Account account = new Account("ann", "hush");
  private volatile String answer = "{\"app_url\":\"bs://abc\"}";
  private volatile int status = 200;
  private final List<Integer> statuses = new CopyOnWriteArrayList<>();
  private final List<String> plans = new CopyOnWriteArrayList<>();
  private volatile String recent = "{\"message\":\"No results found\"}";
  private HttpServer server;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Path binary;
  private App app;

  @BeforeEach
  void server() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/app-automate/upload",
        exchange -> {
          bodies.add(
              exchange.getRequestHeaders().getFirst("Authorization")
                  + "\n"
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          say(exchange, statuses.isEmpty() ? status : statuses.remove(0), answer);
        });
    server.createContext("/app-automate/recent_apps", exchange -> say(exchange, 200, recent));
    server.createContext(
        "/app-automate/plan.json",
        exchange -> say(exchange, 200, plans.size() > 1 ? plans.remove(0) : plans.get(0)));
    server.start();
    binary = Files.writeString(temp.resolve("app.apk"), "the app");
    app = new App(Digests.sha256(binary), "app.apk", "dev.example.app");
  }

  private static void say(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Uploads uploads() throws IOException {
    URI here = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return new Uploads(
        temp.resolve("state"), new Endpoints(here, here), () -> now, Duration.ofMillis(1));
  }

  private Parallels parallels(Duration patience) {
    return parallels(patience, 0);
  }

  private Parallels parallels(Duration patience, int reserved) {
    URI here = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return new Parallels(new Endpoints(here, here), reserved, Duration.ofMillis(1), patience);
  }

  @Test
  void whatAnotherWorkerBroughtThereIsUsed() throws Exception {
    recent =
        "[{\"app_url\":\"bs://theirs\",\"custom_id\":\"qgjob-"
            + app.sha256().substring(0, 40)
            + "\",\"uploaded_at\":\"2025-12-30 10:00:00 UTC\"}]";
    assertThat(uploads().ensure(app, binary, account))
        .isEqualTo(new Uploads.Uploaded("bs://theirs", false));
    assertThat(bodies).isEmpty();
  }

  @Test
  void whatIsAboutToBeDroppedOrSomebodyElsesIsNot() throws Exception {
    recent =
        "[{\"app_url\":\"bs://old\",\"custom_id\":\"qgjob-"
            + app.sha256().substring(0, 40)
            + "\",\"uploaded_at\":\"2025-12-01 10:00:00 UTC\"},"
            + "{\"app_url\":\"bs://other\",\"custom_id\":\"x\","
            + "\"uploaded_at\":\"2025-12-30 10:00:00 UTC\"}]";
    assertThat(uploads().ensure(app, binary, account).url()).isEqualTo("bs://abc");
  }

  @Test
  void tooManyRequestsAndPassingTroubleAreRepeated() throws Exception {
    statuses.addAll(List.of(429, 503, 429));
    assertThat(uploads().ensure(app, binary, account).url()).isEqualTo("bs://abc");
    assertThat(bodies).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource({
    "401, INFRASTRUCTURE, credentials",
    "429, INFRASTRUCTURE, too many requests",
    "500, INFRASTRUCTURE, out of order",
    "503, INFRASTRUCTURE, out of order",
    "422, APP, refuses the app",
    "403, INFRASTRUCTURE, refuses the app"
  })
  void everyRefusalHasItsKind(int refusal, FailureKind kind, String words) throws Exception {
    status = refusal;
    answer = "{\"error\":\"their words\"}";
    Uploads uploads = uploads();
    assertThatThrownBy(() -> uploads.ensure(app, binary, account))
        .isInstanceOfSatisfying(CloudFault.class, fault -> assertThat(fault.kind()).isEqualTo(kind))
        .hasMessageContaining(words)
        .hasMessageContaining("their words");
  }

  @Test
  void anAccountWithoutMinutesIsSaidToBeOne() throws Exception {
    status = 403;
    answer = "{\"error\":\"Your Automate testing time has expired. Please upgrade.\"}";
    Uploads uploads = uploads();
    assertThatThrownBy(() -> uploads.ensure(app, binary, account))
        .hasMessageContaining("out of minutes");
  }

  private static String plan(int running, int most, int queued) {
    return "{\"parallel_sessions_running\":%d,\"team_parallel_sessions_max_allowed\":%d,\"parallel_sessions_max_allowed\":%d,\"queued_sessions\":%d}"
        .formatted(running, most, most, queued);
  }

  @Test
  void aSessionWaitsForAFreeParallel() throws Exception {
    plans.addAll(List.of(plan(2, 2, 0), plan(1, 2, 1), plan(1, 2, 0)));
    parallels(Duration.ofMinutes(1)).await(account);
    assertThat(plans).containsExactly(plan(1, 2, 0));
  }

  @Test
  void whatIsReservedIsLeftToPeople() throws Exception {
    plans.addAll(List.of(plan(2, 3, 0), plan(1, 3, 1), plan(1, 3, 0)));
    parallels(Duration.ofMinutes(1), 1).await(account);
    assertThat(plans).containsExactly(plan(1, 3, 0));
    plans.set(0, plan(0, 2, 0));
    assertThatThrownBy(() -> parallels(Duration.ofMinutes(1), 2).await(account))
        .isInstanceOf(CloudFault.class)
        .hasMessageContaining("--browserstack-reserved leaves them all to people");
  }

  @Test
  void itDoesNotWaitForEver() {
    plans.add(plan(2, 2, 0));
    assertThatThrownBy(() -> parallels(Duration.ZERO).await(account))
        .isInstanceOf(CloudFault.class)
        .hasMessageContaining("all 2 parallels");
  }

  @Test
  void anAppGoesUpOncePerDigestAndAccount() throws Exception {
    assertThat(uploads().ensure(app, binary, account))
        .isEqualTo(new Uploads.Uploaded("bs://abc", true));
    assertThat(uploads().ensure(app, binary, account))
        .isEqualTo(new Uploads.Uploaded("bs://abc", false));
    assertThat(bodies).hasSize(1);
    assertThat(bodies.get(0))
        .startsWith(account.authorization())
        .contains("name=\"file\"; filename=\"app.apk\"", "the app", "custom_id");

    uploads().ensure(app, binary, new Account("bob", "hush"));
    assertThat(bodies).hasSize(2);
  }

  @Test
  void oneThatSomebodyDeletedGoesUpAgain() throws Exception {
    uploads().ensure(app, binary, account);
    uploads().forget(app, account);
    assertThat(uploads().ensure(app, binary, account).fresh()).isTrue();
    assertThat(bodies).hasSize(2);
  }

  @Test
  void itGoesUpAgainBeforeBrowserStackDropsIt() throws Exception {
    uploads().ensure(app, binary, account);
    now = now.plus(Duration.ofDays(29));

    assertThat(uploads().ensure(app, binary, account).fresh()).isTrue();
  }

  @Test
  void aRefusalCarriesItsReason() throws Exception {
    status = 401;
    answer = "{\"error\":\"Unauthorized\"}";
    Uploads uploads = uploads();

    assertThatIOException()
        .isThrownBy(() -> uploads.ensure(app, binary, account))
        .withMessageContaining("401")
        .withMessageContaining("Unauthorized")
        .withMessageNotContaining("hush");
  }

  @Test
  void withoutCredentialsThereIsNoAccount() {
    assertThat(Account.in(Map.of("BROWSERSTACK_USERNAME", "ann"))).isEmpty();
    assertThat(new Account("ann", "hush").toString()).doesNotContain("hush");
  }
}
