package dev.qgjob.lab.faults.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.qgjob.lab.faults.history.Event;
import dev.qgjob.lab.faults.history.History;
import dev.qgjob.lab.faults.history.Phase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinksTest {
  private static final String GRANT = "{\"lease_ms\":2000,\"grants\":[{\"job_id\":\"job_1\"}]}";

  @TempDir Path folder;
  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer server;
  private History history;
  private ApiLink link;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          requests.incrementAndGet();
          byte[] body = GRANT.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, 0); // in chunks
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    history = new History(folder.resolve("history.jsonl"));
    link =
        ApiLink.open(
            "w1",
            InetAddress.getLoopbackAddress(),
            () -> List.of(server.getAddress()),
            new CallLog("w1", history));
  }

  @AfterEach
  void close() {
    link.close();
    server.stop(0);
    history.close();
  }

  private CompletableFuture<HttpResponse<String>> claim(Duration timeout) {
    return HttpClient.newHttpClient()
        .sendAsync(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + link.port() + "/api/v1/workers/w/claims"))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(timeout)
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"slot_id\":\"s\",\"job_id\":\"job_1\",\"token\":\"t\"}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  /** What the link wrote down: it does so after the answer has passed, so it has to end first. */
  private List<Event> events() throws IOException {
    link.close();
    history.close();
    return History.read(folder.resolve("history.jsonl"));
  }

  @Test
  void whatPassesArrivesAsItWasAndIsWrittenDown() throws Exception {
    assertThat(claim(Duration.ofSeconds(10)).get().body()).isEqualTo(GRANT);
    assertThat(events())
        .extracting(event -> ((Event.Claim) event).phase())
        .containsExactly(Phase.INVOKE, Phase.OK);
  }

  @Test
  void whatIsHeldArrivesLateAndNotNever() throws Exception {
    link.gate().hold(EnumSet.allOf(Gate.Way.class));
    assertThatThrownBy(() -> claim(Duration.ofMillis(200)).get())
        .hasCauseInstanceOf(HttpTimeoutException.class);
    assertThat(requests).hasValue(0);
    link.gate().open();
    await().untilAtomic(requests, org.hamcrest.Matchers.is(1));
  }

  @Test
  void anAnswerThatIsLostWasGivenAndTheNextOneIsNotLost() throws Exception {
    link.losses().lose(Losses.Answer.GRANT, Losses.How.BREAK);
    assertThatThrownBy(() -> claim(Duration.ofSeconds(10)).get())
        .hasCauseInstanceOf(IOException.class);
    assertThat(claim(Duration.ofSeconds(10)).get().statusCode()).isEqualTo(200);
    List<Event> events = events();
    assertThat(events)
        .extracting(event -> ((Event.Claim) event).phase())
        .containsExactly(Phase.INVOKE, Phase.INFO, Phase.INVOKE, Phase.OK);
    assertThat(((Event.Claim) events.get(1)).granted()).containsExactly("job_1");
  }

  @Test
  void aClaimThatIsStoppedNeverArrivesAndTheNextOneDoes() throws Exception {
    AtomicInteger done = new AtomicInteger();
    link.losses().beforeClaim(done::incrementAndGet);
    assertThatThrownBy(() -> claim(Duration.ofSeconds(10)).get())
        .hasCauseInstanceOf(IOException.class);
    assertThat(done).hasValue(1);
    assertThat(requests).hasValue(0);
    assertThat(link.losses().claimPending()).isFalse();
    assertThat(claim(Duration.ofSeconds(10)).get().statusCode()).isEqualTo(200);
    assertThat(done).hasValue(1);
  }

  @Test
  void theEndOfAnIdleConnectionReachesTheWorkerWithoutARequest() throws Exception {
    try (Socket worker = new Socket(InetAddress.getLoopbackAddress(), link.port())) {
      worker.setSoTimeout(10_000);
      worker
          .getOutputStream()
          .write("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      worker.getInputStream().readNBytes("HTTP/1.1 200 OK".length());
      link.gate().hold(EnumSet.of(Gate.Way.TO_WORKER));
      server.stop(0);
      worker.setSoTimeout(300);
      assertThatThrownBy(() -> worker.getInputStream().readAllBytes())
          .as("a network that carries nothing does not carry the end either")
          .isInstanceOf(SocketTimeoutException.class);
      worker.setSoTimeout(10_000);
      link.gate().open();
      worker.getInputStream().readAllBytes(); // comes to its end
    }
  }

  @Test
  void bytesPassBothWaysAndAResetBreaksThem() throws Exception {
    try (RawLink raw =
        RawLink.open(
            "w1", InetAddress.getLoopbackAddress(), 0, () -> List.of(server.getAddress()))) {
      URI uri = URI.create("http://127.0.0.1:" + raw.port() + "/");
      // a POST: the client sends a GET again by itself when its connection ends without an answer
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .version(HttpClient.Version.HTTP_1_1)
              .POST(HttpRequest.BodyPublishers.noBody())
              .build();
      assertThat(
              HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body())
          .isEqualTo(GRANT);
      raw.gate().hold(EnumSet.of(Gate.Way.TO_WORKER));
      CompletableFuture<HttpResponse<String>> held =
          HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.ofString());
      await().untilAtomic(requests, org.hamcrest.Matchers.is(2));
      raw.reset();
      assertThatThrownBy(() -> held.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(IOException.class);
    }
  }
}
