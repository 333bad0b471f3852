package dev.qgjob.worker.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.qgjob.client.ApiClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpBlobsTest {
  private static final String SHA = "c".repeat(64);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch over = new CountDownLatch(1);
  @TempDir private Path folder;
  private HttpServer http;
  private HttpBlobs blobs;
  private HttpBlobs patient;

  @BeforeEach
  void start() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    http.setExecutor(threads);
    http.start();
    ApiClient client =
        new ApiClient(
            URI.create("http://127.0.0.1:" + http.getAddress().getPort()),
            "token",
            Duration.ofSeconds(5));
    blobs = new HttpBlobs(client, threads, Duration.ofMillis(300));
    patient = new HttpBlobs(client, threads, Duration.ofMinutes(1));
  }

  @AfterEach
  void stop() {
    over.countDown();
    http.stop(0);
    threads.shutdownNow();
  }

  @Test
  void aBlobArrivesWhole() throws Exception {
    http.createContext(
        "/api/v1/blobs/" + SHA,
        exchange -> {
          exchange.sendResponseHeaders(200, 4);
          exchange.getResponseBody().write(new byte[] {1, 2, 3, 4});
          exchange.close();
        });
    patient.fetch(SHA, folder.resolve("blob"));
    assertThat(folder.resolve("blob")).hasBinaryContent(new byte[] {1, 2, 3, 4});
    assertNothingElse("blob");
  }

  /** The server sends the beginning of a blob and no more. */
  private void standsStill(Runnable begun) {
    http.createContext(
        "/api/v1/blobs/" + SHA,
        exchange -> {
          exchange.sendResponseHeaders(200, 1_000_000);
          exchange.getResponseBody().write(new byte[100]);
          exchange.getResponseBody().flush();
          begun.run();
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @Test
  void aDownloadThatStandsStillIsGivenUp() throws IOException {
    standsStill(() -> {});
    assertThatThrownBy(() -> blobs.fetch(SHA, folder.resolve("blob")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("sent nothing");
    assertNothingElse();
  }

  @Test
  void aBlobThatIsNotThereIsSaidSo() throws IOException {
    http.createContext(
        "/api/v1/blobs/" + SHA,
        exchange -> {
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    assertThatThrownBy(() -> patient.fetch(SHA, folder.resolve("blob")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be had");
    assertNothingElse();
  }

  /** The jobs that wanted it were cancelled: no fault of the server's, and the slot goes on. */
  @Test
  void aDownloadThatIsInterruptedEndsAsThatAndLeavesTheThreadUsable() throws Exception {
    CountDownLatch coming = new CountDownLatch(1);
    standsStill(coming::countDown);
    Thread slot = Thread.currentThread();
    threads.execute(
        () -> {
          try {
            coming.await();
            slot.interrupt();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    assertThatThrownBy(() -> patient.fetch(SHA, folder.resolve("blob")))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
    assertNothingElse();
  }

  private void assertNothingElse(String... names) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly(names);
    }
  }
}
