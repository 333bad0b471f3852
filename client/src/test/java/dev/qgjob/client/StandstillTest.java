package dev.qgjob.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.protocol.Paths;
import dev.qgjob.protocol.access.Identity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that stops in the middle, at the socket: no request waits longer than its limit. */
@Timeout(60)
class StandstillTest {
  private static final Duration LIMIT = Duration.ofMillis(400);
  private static final String GOOD = "{\"role\":\"admin\"}";

  /** What the server does with the connections it accepts, one after the other. */
  private interface Turn {
    void on(BufferedReader request, OutputStream answer) throws Exception;
  }

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Turn> turns = new ConcurrentLinkedQueue<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch hungUp = new CountDownLatch(1);
  private final List<Duration> pauses = new ArrayList<>();
  private ServerSocket server;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  @AfterEach
  void stop() throws IOException {
    over.countDown();
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
    threads.shutdownNow();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        open.add(socket);
        accepted.incrementAndGet();
        threads.execute(() -> serve(socket, turns.poll()));
      }
    } catch (IOException e) {
      // the test is over
    }
  }

  private void serve(Socket socket, Turn turn) {
    try (socket) {
      BufferedReader request =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      turn.on(request, socket.getOutputStream());
    } catch (Exception e) {
      // the client hung up, which is what several tests are about
    }
  }

  private static void readHead(BufferedReader request) throws IOException {
    String line = request.readLine();
    while (line != null && !line.isEmpty()) {
      line = request.readLine();
    }
  }

  private static void write(OutputStream answer, String text) throws IOException {
    answer.write(text.getBytes(StandardCharsets.ISO_8859_1));
    answer.flush();
  }

  private static String head(int status, int length) {
    return "HTTP/1.1 "
        + status
        + " Told\r\nContent-Type: application/json\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  private Turn answering(int status, String more, String body) {
    return (request, answer) -> {
      readHead(request);
      String text =
          head(status, body.length()).replaceFirst("\r\n", "\r\nConnection: close\r\n" + more);
      write(answer, text + body);
    };
  }

  /** Stands still until the client hangs up. */
  private void standStill(BufferedReader request) throws IOException {
    while (request.read() >= 0) {
      // drops what comes
    }
    hungUp.countDown();
  }

  private ApiClient client() {
    return client(LIMIT);
  }

  private ApiClient client(Duration limit) {
    URI url = URI.create("http://127.0.0.1:" + server.getLocalPort());
    return new ApiClient(url, "token", limit, limit);
  }

  private ApiClient repeating() {
    return client(Duration.ofSeconds(20))
        .repeating(
            new Repeats(
                3, Duration.ofMillis(1), Duration.ofSeconds(9), pauses::add, ignored -> {}));
  }

  @Test
  void anIdleLineIsGivenUpBeforeAServerOrADeviceInFrontOfItForgetsIt() throws Exception {
    turns.add(
        (request, answer) -> {
          readHead(request);
          write(answer, head(200, GOOD.length()) + GOOD);
        });
    client().get("/me", Identity.class);
    assertThat(Integer.getInteger("jdk.httpclient.keepalive.timeout")).isBetween(1, 59);
  }

  @Test
  void aBodyThatStandsStillEndsWithinTheLimitAndTheLineIsCut() throws Exception {
    turns.add(
        (request, answer) -> {
          readHead(request);
          write(answer, head(200, 100) + "{\"role\":");
          standStill(request);
        });

    long began = System.nanoTime();
    assertThatThrownBy(() -> client().get("/me", Identity.class))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("no whole answer within 400 ms");
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isBetween(LIMIT, LIMIT.plusMillis(1_500));
    assertThat(hungUp.await(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aBodyThatTricklesEndsWithinTheLimitToo() {
    turns.add(
        (request, answer) -> {
          readHead(request);
          write(answer, head(200, 100_000));
          while (!over.await(20, TimeUnit.MILLISECONDS)) {
            write(answer, " ");
          }
        });

    assertThatThrownBy(() -> client().get("/me", Identity.class)).isInstanceOf(Unreachable.class);
  }

  @Test
  void aRefusalsTextThatStandsStillEndsToo() {
    turns.add(
        (request, answer) -> {
          readHead(request);
          write(
              answer,
              "HTTP/1.1 409 No\r\nContent-Length: 99\r\nContent-Type: "
                  + Paths.PROBLEM_JSON
                  + "\r\n\r\n{");
          standStill(request);
        });

    assertThatThrownBy(() -> client().get("/me", Identity.class)).isInstanceOf(Unreachable.class);
  }

  @Test
  void afterAStandstillTheNextRequestDialsAnewAndUsesNoLineThatWasKeptOpen() {
    turns.add(
        (request, answer) -> {
          // answers once, and keeps the line open for requests that it will not hear
          readHead(request);
          write(answer, head(200, GOOD.length()) + GOOD);
          readHead(request);
          write(answer, head(200, GOOD.length()) + GOOD.substring(1));
          standStill(request);
        });
    turns.add(answering(200, "", GOOD));
    ApiClient client = client(Duration.ofSeconds(2));

    assertThat(client.get("/me", Identity.class)).isNotNull();
    assertThatThrownBy(() -> client.get("/me", Identity.class)).isInstanceOf(Unreachable.class);
    assertThat(client.get("/me", Identity.class)).isNotNull();
    assertThat(accepted).hasValue(2);
  }

  @Test
  void aDownloadThatMovesMayTakeLongerThanTheLimit(@TempDir Path folder) throws Exception {
    turns.add(
        (request, answer) -> {
          readHead(request);
          write(answer, head(200, 10));
          for (int i = 0; i < 10; i++) {
            over.await(100, TimeUnit.MILLISECONDS);
            write(answer, "x");
          }
        });

    client().download("/blobs/abc", folder.resolve("whole"));

    assertThat(folder.resolve("whole")).hasContent("x".repeat(10));
  }

  @Test
  void aDownloadThatStandsStillIsGivenUpAndLeavesNothing(@TempDir Path folder) throws Exception {
    turns.add(
        (request, answer) -> {
          readHead(request);
          write(answer, head(200, 10) + "xxx");
          standStill(request);
        });

    assertThatThrownBy(() -> client().download("/blobs/abc", folder.resolve("part")))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("nothing moved for 400 ms");
    assertThat(folder).isEmptyDirectory();
    assertThat(hungUp.await(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void anUploadThatTheServerDoesNotReadIsGivenUp(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("big"), new byte[32 << 20]);
    turns.add(
        (request, answer) -> {
          readHead(request);
          over.await();
        });

    assertThatThrownBy(() -> client().put("/blobs/abc", file, "application/octet-stream", Map.of()))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("nothing moved");
  }

  @Test
  void aSlowUploadMayTakeLongerThanTheLimit(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("big"), new byte[24 << 20]);
    AtomicInteger read = new AtomicInteger();
    turns.add(
        (request, answer) -> {
          readHead(request);
          char[] some = new char[1 << 20];
          while (read.get() < 24 << 20) {
            over.await(1, TimeUnit.MILLISECONDS);
            read.addAndGet(request.read(some));
            if (read.get() % 7 == 0) {
              over.await(60, TimeUnit.MILLISECONDS);
            }
          }
          over.await(200, TimeUnit.MILLISECONDS);
          write(answer, "HTTP/1.1 201 Kept\r\nContent-Length: 0\r\n\r\n");
        });

    client().put("/blobs/abc", file, "application/octet-stream", Map.of());

    assertThat(read).hasValue(24 << 20);
  }

  @Test
  void whatARepeatCannotChangeIsRepeatedAfterThePauseThatTheServerNames() {
    turns.add(answering(503, "Retry-After: 7\r\n", "{}"));
    turns.add(
        (request, answer) -> {
          readHead(request);
          write(answer, head(200, 100) + "cut o");
        });
    turns.add(answering(200, "", GOOD));

    assertThat(repeating().get("/me", Identity.class)).isNotNull();
    assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofMillis(2));
  }

  @Test
  void aServerCannotHaveAClientWaitForEver() {
    turns.add(answering(429, "Retry-After: 86400\r\n", "{}"));
    turns.add(answering(200, "", GOOD));

    repeating().get("/me", Identity.class);

    assertThat(pauses).containsExactly(Duration.ofSeconds(9));
  }

  @Test
  void aRefusalIsNotRepeatedAndNeitherIsAPostThatARepeatWouldDouble() {
    turns.add(answering(404, "", "{}"));
    assertThatThrownBy(() -> repeating().get("/me", Identity.class)).isInstanceOf(ApiProblem.class);
    turns.add(answering(503, "", "{}"));
    assertThatThrownBy(() -> repeating().post("/orgs", Map.of(), Identity.class))
        .isInstanceOf(ApiProblem.class);
    assertThat(accepted).hasValue(2);
    assertThat(pauses).isEmpty();
  }

  @Test
  void aPostUnderAnIdempotencyKeyIsRepeated() {
    turns.add(answering(503, "", "{}"));
    turns.add(answering(200, "", GOOD));

    repeating().post("/runs", Map.of(), Identity.class, Map.of(Paths.IDEMPOTENCY_KEY, "k"));

    assertThat(accepted).hasValue(2);
  }
}
