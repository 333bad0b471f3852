package dev.qgjob.worker.browserstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.qgjob.protocol.Target;
import dev.qgjob.worker.run.Slot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Permits against an account that counts its sessions, with parallels and a queue. */
@Timeout(60)
class ParallelsTest {
  private static final Account ACCOUNT = new Account("ann", "hush");
  private static final Slot SLOT = new Slot("h:browserstack:1", Target.BROWSERSTACK, "1");
  private static final Slot OTHER = new Slot("h:browserstack:2", Target.BROWSERSTACK, "2");

  @TempDir Path temp;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Integer> statuses = new CopyOnWriteArrayList<>();
  private final List<String> deleted = new CopyOnWriteArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private HttpServer server;
  private Endpoints endpoints;

  private final CountDownLatch twoAtOnce = new CountDownLatch(1);

  // guarded by this: the account
  private int allowed = 2;
  private int running;
  private int queued;
  private int mostQueued;
  private int mostRunning;

  @BeforeEach
  void account() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/app-automate/plan.json",
        exchange -> {
          byte[] plan = plan().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(statuses.isEmpty() ? 200 : statuses.remove(0), plan.length);
          exchange.getResponseBody().write(plan);
          exchange.close();
        });
    server.createContext(
        "/wd/hub/session/",
        exchange -> {
          deleted.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
          if (!exchange.getRequestURI().getPath().contains("away")) {
            exchange.sendResponseHeaders(200, -1);
          }
          exchange.close();
        });
    server.start();
    URI here = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    endpoints = new Endpoints(here, here);
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private synchronized String plan() {
    return """
    {"parallel_sessions_running": %d, "team_parallel_sessions_max_allowed": %d,
     "parallel_sessions_max_allowed": 25, "queued_sessions": %d}
    """
        .formatted(running, allowed, queued);
  }

  private synchronized void begins() {
    if (running < allowed) {
      running++;
      mostRunning = Math.max(mostRunning, running);
      if (running == 2) {
        twoAtOnce.countDown();
      }
    } else {
      queued++;
      mostQueued = Math.max(mostQueued, queued);
    }
  }

  private synchronized void ends() {
    running--;
  }

  private synchronized void others(int sessions) {
    running = sessions;
  }

  /** Of a worker whose time passes when it pauses. */
  private Parallels worker(int reserved) {
    Pause passing = time -> nanos.addAndGet(time.toNanos());
    CloudApi api = new CloudApi(endpoints, Duration.ofSeconds(2), passing, nanos::get);
    return new Parallels(
        api, reserved, Optional.of(ACCOUNT), temp.resolve("locks"), passing, nanos::get);
  }

  @Test
  void twoWorkersWithFourSlotsEachNeverHaveASessionQueued() throws Exception {
    Pause brief = time -> TimeUnit.NANOSECONDS.sleep(time.toNanos() / 200);
    List<Future<?>> slots = new ArrayList<>();
    for (int w = 0; w < 2; w++) {
      CloudApi api = new CloudApi(endpoints, Duration.ofSeconds(2), brief, System::nanoTime);
      Parallels worker =
          new Parallels(
              api, 0, Optional.of(ACCOUNT), temp.resolve("locks"), brief, System::nanoTime);
      for (int s = 0; s < 4; s++) {
        String slotId = "w" + w + ":browserstack:" + s;
        slots.add(threads.submit(() -> sessions(worker, slotId, 5)));
      }
    }
    for (Future<?> slot : slots) {
      slot.get();
    }
    assertThat(mostQueued).isZero();
    assertThat(mostRunning).isEqualTo(2);
  }

  private Void sessions(Parallels worker, String slotId, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      Parallels.Answer answer;
      do {
        answer = worker.take(ACCOUNT, slotId, Duration.ofSeconds(1));
      } while (!(answer instanceof Parallels.Answer.Yours));
      Parallels.Grant grant = ((Parallels.Answer.Yours) answer).grant();
      Future<?> settled =
          threads.submit(
              () -> {
                worker.settle(grant);
                return null;
              });
      begins();
      grant.opened();
      settled.get();
      assertThat(twoAtOnce.await(30, TimeUnit.SECONDS)).isTrue();
      ends();
      grant.end();
    }
    return null;
  }

  @Test
  void aSlotTakesNoWorkWhileNoParallelIsFreeForIt() {
    Parallels worker = worker(0);
    others(1);
    assertThat(worker.enter(SLOT)).isEmpty();
    assertThat(worker.enter(OTHER))
        .as("the first has yet to open its session")
        .contains("1 of 2 parallels of the BrowserStack account run");
    worker.leave(SLOT);
    assertThat(worker.enter(OTHER)).isEmpty();
  }

  @Test
  void itIsOpenedAgainWhenOneIsFreeForMoreThanAMoment() {
    Parallels worker = worker(0);
    others(2);
    assertThat(worker.enter(SLOT)).isPresent();
    assertThat(worker.reopens(SLOT)).isFalse();
    others(1);
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    assertThat(worker.reopens(SLOT)).as("it may be between two tests").isFalse();
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    assertThat(worker.reopens(SLOT)).isTrue();
  }

  @Test
  void whatIsReservedIsLeftToPeople() {
    allowed = 3;
    others(2);
    assertThat(worker(1).enter(SLOT).orElse("")).contains("1 are left to people");
    assertThat(worker(0).enter(SLOT)).isEmpty();
    Parallels none = worker(3);
    assertThat(none.enter(SLOT).orElse("")).contains("leaves them all to people");
    assertThatThrownBy(() -> none.take(ACCOUNT, SLOT.id(), Duration.ZERO))
        .isInstanceOf(CloudFault.class);
  }

  @Test
  void nothingBeginsWhileSomethingElseHindersIt() throws Exception {
    Parallels worker = worker(0);
    List<String> hindrances = new ArrayList<>(List.of("the tunnel is down"));
    worker.heed(() -> hindrances.stream().findFirst());
    assertThat(worker.enter(SLOT)).contains("the tunnel is down");
    assertThat(worker.reopens(SLOT)).isFalse();
    assertThat(worker.take(ACCOUNT, SLOT.id(), Duration.ofSeconds(1)))
        .isEqualTo(new Parallels.Answer.Wait("the tunnel is down"));
    hindrances.clear();
    assertThat(worker.enter(SLOT)).isEmpty();
  }

  @Test
  void anAccountThatCannotBeAskedGivesNoWork() {
    Parallels worker = worker(0);
    server.stop(0);
    assertThat(worker.enter(SLOT).orElse("")).contains("cannot be reached");
  }

  // ---- the gate

  private final ObjectMapper json = new ObjectMapper();

  private JsonNode ask(SessionGate.Pass pass, String what, int status) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(pass.url() + "/" + what))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return json.readTree(answer.body());
  }

  @Test
  void aProcessGetsAPermitForEachSession() throws Exception {
    allowed = 1;
    try (SessionGate gate = new SessionGate(worker(0), Duration.ofMinutes(30), nanos::get)) {
      SessionGate.Pass pass = gate.open(ACCOUNT, SLOT.id());
      SessionGate.Pass other = gate.open(ACCOUNT, OTHER.id());
      int first = ask(pass, "take?pid=7", 200).path("permit").asInt();
      begins();
      ask(pass, "opened?permit=" + first, 200);
      assertThat(ask(other, "take?pid=8", 202).path("waits").asText()).contains("1 of 1 parallels");
      assertThat(other.waited()).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
      assertThat(pass.waited()).isLessThan(Duration.ofSeconds(10));
      ends();
      ask(pass, "ended?permit=" + first, 200);
      ask(other, "take?pid=8", 200);
    }
  }

  @Test
  void whatAProcessHadThatIsNoMoreIsGivenBack() throws Exception {
    allowed = 1;
    try (SessionGate gate = new SessionGate(worker(0), Duration.ofMinutes(30), nanos::get)) {
      SessionGate.Pass pass = gate.open(ACCOUNT, SLOT.id());
      ask(pass, "take?pid=7", 200); // it dies before its session is there
      ask(pass, "take?pid=8", 200);
      pass.close();
      ask(pass, "take?pid=9", 404);
      ask(gate.open(ACCOUNT, OTHER.id()), "take?pid=10", 200);
    }
  }

  @Test
  void nobodyIsHeldForEver() throws Exception {
    others(2);
    try (SessionGate gate = new SessionGate(worker(0), Duration.ofMinutes(30), nanos::get)) {
      SessionGate.Pass pass = gate.open(ACCOUNT, SLOT.id());
      ask(pass, "take?pid=7", 202);
      nanos.addAndGet(Duration.ofMinutes(31).toNanos());
      assertThat(ask(pass, "take?pid=7", 503).path("error").asText())
          .contains("within 30 minutes", "2 of 2 parallels");
    }
  }

  @Test
  void aProcessThatCannotAskKeepsItsParallelWhileItHasNoSessionYet() throws Exception {
    allowed = 1;
    try (SessionGate gate = new SessionGate(worker(0), Duration.ofMinutes(30), nanos::get)) {
      SessionGate.Pass stock = gate.open(ACCOUNT, SLOT.id());
      SessionGate.Pass other = gate.open(ACCOUNT, OTHER.id());
      stock.takeForAll();
      ask(other, "take?pid=8", 202); // its session would be queued, or the stock one's
      stock.close();
      ask(other, "take?pid=8", 200);
    }
  }

  @Test
  void theSessionOfAProcessThatCannotAskIsCountedOnceAndKeptBetweenTwo() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Pause untilBegun =
        time -> {
          begun.await();
          nanos.addAndGet(time.toNanos());
        };
    CloudApi api = new CloudApi(endpoints, Duration.ofSeconds(2), untilBegun, nanos::get);
    Parallels worker =
        new Parallels(api, 0, Optional.of(ACCOUNT), temp.resolve("locks"), untilBegun, nanos::get);
    try (SessionGate gate = new SessionGate(worker, Duration.ofMinutes(30), nanos::get)) {
      gate.open(ACCOUNT, SLOT.id()).takeForAll();
      begins();
      begun.countDown();
      SessionGate.Pass other = gate.open(ACCOUNT, OTHER.id());
      int permit = ask(other, "take?pid=8", 200).path("permit").asInt();
      begins();
      ask(other, "opened?permit=" + permit, 200);
      ends(); // the stock process is between two tests
      ask(gate.open(ACCOUNT, "h:browserstack:3"), "take?pid=9", 202);
    }
  }

  /** One session ended and one began: the plan counts as many as before. */
  @Test
  void theSessionOfAProcessThatCannotAskTakesOneParallelThoughThePlanDoesNotShowIt()
      throws Exception {
    others(1);
    Parallels worker = worker(0);
    Parallels.Answer stock = worker.take(ACCOUNT, SLOT.id(), Duration.ofSeconds(10));
    assertThat(stock).isInstanceOf(Parallels.Answer.Yours.class);
    ends(); // the other's
    begins();
    worker.settleForAll(((Parallels.Answer.Yours) stock).grant());
    assertThat(worker.take(ACCOUNT, OTHER.id(), Duration.ofSeconds(10)))
        .isInstanceOf(Parallels.Answer.Yours.class);
  }

  /** The job has its slot, and would be tried anew for what the next question answers. */
  @Test
  void aPlanThatCannotBeReadForAMomentCostsNoSession() throws Exception {
    statuses.addAll(List.of(429, 503));
    assertThat(worker(0).take(ACCOUNT, SLOT.id(), Duration.ofSeconds(10)))
        .isInstanceOf(Parallels.Answer.Yours.class);
  }

  @Test
  void aPlanThatCannotBeReadForLongIsWhyThereIsNoSession() throws Exception {
    Parallels worker = worker(0);
    statuses.addAll(Collections.nCopies(100, 429));
    assertThat(worker.take(ACCOUNT, SLOT.id(), Duration.ofSeconds(10)))
        .isInstanceOfSatisfying(
            Parallels.Answer.Wait.class,
            wait -> assertThat(wait.why()).contains("too many requests"));
    statuses.clear();
    statuses.add(401);
    assertThatThrownBy(() -> worker.take(ACCOUNT, SLOT.id(), Duration.ofSeconds(10)))
        .isInstanceOf(CloudFault.class)
        .hasMessageContaining("credentials");
    assertThat(worker.take(ACCOUNT, SLOT.id(), Duration.ofSeconds(10)))
        .as("nobody holds the turn")
        .isInstanceOf(Parallels.Answer.Yours.class);
  }

  // ---- sessions that are left

  @Test
  void sessionsOfAKilledWorkerAreEnded() throws Exception {
    Path sessions =
        Files.createDirectories(temp.resolve("runs/batch-1/group-1").resolve(OpenSessions.FOLDER));
    Files.writeString(sessions.resolve("abc-123"), "{\"pid\": 7, \"cloud\": true}");
    Files.writeString(sessions.resolve("of-a-phone"), "{\"pid\": 7, \"cloud\": false}");
    Files.writeString(sessions.resolve("opening_7"), "");
    assertThat(OpenSessions.sweep(temp.resolve("runs"), endpoints, ACCOUNT)).isEqualTo(1);
    assertThat(deleted).containsExactly("DELETE /wd/hub/session/abc-123");
    assertThat(sessions).isEmptyDirectory();
    assertThat(OpenSessions.sweep(temp.resolve("none"), endpoints, ACCOUNT)).isZero();
  }

  /** BrowserStack may not answer for one of them; the next one is paid for as well. */
  @Test
  void aSessionThatCannotBeEndedKeepsNoOtherOneOpen() throws Exception {
    Path sessions = Files.createDirectories(temp.resolve(OpenSessions.FOLDER));
    for (String id : List.of("away-1", "away-2", "here")) {
      Files.writeString(sessions.resolve(id), "{\"cloud\": true}");
    }
    OpenSessions.endAll(sessions, endpoints, ACCOUNT);
    assertThat(Set.copyOf(deleted))
        .containsExactlyInAnyOrder(
            "DELETE /wd/hub/session/away-1",
            "DELETE /wd/hub/session/away-2",
            "DELETE /wd/hub/session/here");
  }
}
