package dev.qgjob.worker.browserstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpServer;
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

class UploadsTest {
  @TempDir Path temp;
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final Account account = new Account("ann", "hush");
  private volatile String answer = "{\"app_url\":\"bs://abc\"}";
  private volatile int status = 200;
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
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    binary = Files.writeString(temp.resolve("app.apk"), "the app");
    app = new App(Digests.sha256(binary), "app.apk", "dev.example.app");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Uploads uploads() throws IOException {
    URI here = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return new Uploads(temp.resolve("state"), new Endpoints(here, here), () -> now);
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
