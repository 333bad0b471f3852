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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
  private final List<Duration> paused = new CopyOnWriteArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private volatile String retryAfter = "";
  private volatile String recent = "{\"message\":\"No results found\"}";
  private volatile Step slow = () -> {};
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Path binary;
  private App app;

  private interface Step {
    void take() throws InterruptedException;
  }

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
          try {
            slow.take();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          if (!retryAfter.isEmpty()) {
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
          }
          say(exchange, statuses.isEmpty() ? status : statuses.remove(0), answer);
        });
    server.createContext("/app-automate/recent_apps", exchange -> say(exchange, 200, recent));
    server.setExecutor(threads);
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
    threads.shutdownNow();
  }

  private Uploads uploads() throws IOException {
    URI here = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    // whoever pauses finds that the time has passed
    Pause passing =
        time -> {
          paused.add(time);
          now = now.plus(time);
          nanos.addAndGet(time.toNanos());
        };
    CloudApi api =
        new CloudApi(new Endpoints(here, here), Duration.ofSeconds(2), passing, nanos::get);
    return new Uploads(temp.resolve("state"), api, () -> now, passing);
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
    assertThat(paused)
        .as("each pause is twice the last one")
        .containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(8));
  }

  @Test
  void thePauseThatBrowserStackAsksForIsKept() throws Exception {
    statuses.addAll(List.of(429, 503));
    retryAfter = "17";
    Uploads uploads = uploads();
    assertThat(uploads.ensure(app, binary, account).url()).isEqualTo("bs://abc");
    assertThat(paused).containsExactly(Duration.ofSeconds(17), Duration.ofSeconds(17));
  }

  @Test
  void whatNoPauseHelpsIsNotRepeated() throws Exception {
    status = 429;
    answer = "{\"error\":\"[BROWSERSTACK_TESTING_TIME_LIMIT_EXHAUSTED] testing time has expired\"}";
    Uploads uploads = uploads();
    assertThatThrownBy(() -> uploads.ensure(app, binary, account))
        .hasMessageContaining("out of minutes");
    assertThat(bodies).hasSize(1);
    assertThat(paused).isEmpty();
  }

  @Test
  void noMoreAppsGoUpWithinAMinuteThanBrowserStackTakes() throws Exception {
    Uploads uploads = uploads();
    for (int i = 1; i <= 7; i++) {
      Path other = Files.writeString(temp.resolve("app" + i), "app " + i);
      uploads.ensure(new App(Digests.sha256(other), "app.apk", "dev.example.app"), other, account);
      now = now.plusSeconds(1);
    }
    assertThat(paused)
        .as("the sixth waits until the first is a minute old, the seventh for the second")
        .containsExactly(Duration.ofSeconds(55));
    uploads.ensure(app, binary, new Account("bob", "hush"));
    assertThat(paused).as("another account has a minute of its own").hasSize(1);
    assertThat(bodies).hasSize(8);
  }

  /**
   * A job that is cancelled meanwhile does not keep its slot for as long as another's upload takes.
   */
  @Test
  void whoWaitsForAnothersUploadEndsWhenInterrupted() throws Exception {
    CountDownLatch coming = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    slow =
        () -> {
          coming.countDown();
          over.await();
        };
    Uploads uploads = uploads();
    Future<Uploads.Uploaded> first = threads.submit(() -> uploads.ensure(app, binary, account));
    assertThat(coming.await(10, TimeUnit.SECONDS)).isTrue();
    CountDownLatch interrupted = new CountDownLatch(1);
    threads.execute(
        () -> {
          Thread.currentThread().interrupt();
          try {
            uploads.ensure(app, binary, account);
          } catch (InterruptedException e) {
            interrupted.countDown();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    try {
      assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      over.countDown();
    }
    assertThat(first.get(10, TimeUnit.SECONDS).fresh()).isTrue();
    assertThat(bodies).hasSize(1);
  }

  @Test
  void oneAppWaitsForNoOther() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    slow =
        () -> {
          arrived.countDown();
          goOn.await();
        };
    Uploads uploads = uploads();
    CompletableFuture<Uploads.Uploaded> first =
        CompletableFuture.supplyAsync(() -> ensured(uploads, app, binary));
    arrived.await();
    slow = () -> {};
    Path other = Files.writeString(temp.resolve("other"), "other");
    App second = new App(Digests.sha256(other), "app.apk", "dev.example.app");
    assertThat(ensured(uploads, second, other).fresh()).isTrue();
    assertThat(first).isNotDone();
    goOn.countDown();
    assertThat(first.get().fresh()).isTrue();
  }

  private Uploads.Uploaded ensured(Uploads uploads, App one, Path file) {
    try {
      return uploads.ensure(one, file, account);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
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
