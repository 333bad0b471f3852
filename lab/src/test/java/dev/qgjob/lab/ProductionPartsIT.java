package dev.qgjob.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.qgjob.client.ApiClient;
import dev.qgjob.client.ApiProblem;
import dev.qgjob.client.Unreachable;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.FigureKey;
import dev.qgjob.lab.stack.BrokerPart;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.stack.MySqlPart;
import dev.qgjob.lab.stack.Orgs;
import dev.qgjob.lab.stack.ServerOptions;
import dev.qgjob.lab.stack.ServerPart;
import dev.qgjob.lab.stack.StubWorkerPart;
import dev.qgjob.lab.stub.StubProject;
import dev.qgjob.protocol.Health;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.Part;
import dev.qgjob.protocol.access.CreateEnrolment;
import dev.qgjob.protocol.access.EnrolmentCode;
import dev.qgjob.protocol.fleet.SlotList;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import dev.qgjob.protocol.submit.BlobAnswer;
import dev.qgjob.protocol.submit.BlobQuestion;
import dev.qgjob.protocol.submit.RunSubmission;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.opentest4j.TestAbortedException;

/**
 * What production is made of: two servers on one MySQL and one Artemis, each a process that is
 * killed. A stub worker speaks to the second server; the first one dies for good at the end.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ProductionPartsIT {
  private static final Duration LEASE = Duration.ofSeconds(4);
  private static final Duration VERDICT = Duration.ofMinutes(3);
  private static final Target EMULATOR = Target.EMULATOR;
  private static final Deque<AutoCloseable> OPENED = new ArrayDeque<>();

  private static MySqlPart database;
  private static BrokerPart broker;
  private static ServerPart first;
  private static ServerPart second;
  private static StubProject project;
  private static String token;

  @BeforeAll
  static void start() throws Exception {
    Distribution distribution = Distribution.ofThisBuild();
    Path folder =
        distribution
            .root()
            .resolve("lab/target/production-parts")
            .resolve(Long.toString(System.currentTimeMillis()));
    database = opened(mySql(distribution));
    broker = opened(BrokerPart.start(distribution));
    ServerOptions options =
        ServerOptions.EMBEDDED
            .on(database)
            .with(broker)
            .lease(LEASE)
            .with(Map.of("QGJOB_BLOBS", folder.resolve("blobs").toString()));
    first =
        opened(
            ServerPart.start(
                distribution, folder.resolve("first"), folder.resolve("first.log"), options));
    second =
        opened(
            ServerPart.start(
                distribution, folder.resolve("second"), folder.resolve("second.log"), options));
    ApiClient admin = first.client(first.bootstrapToken());
    token = Orgs.create(admin, "qualgent");
    project = StubProject.upload(first.client(token), "dev.qgjob.parts", folder.resolve("tmp"));
    String code = admin.post("/enrolments", new CreateEnrolment(null), EnrolmentCode.class).code();
    opened(
        StubWorkerPart.start(
            new StubWorkerPart.Plan(
                second.url(),
                code,
                "stub",
                folder(folder, "stub"),
                2,
                4,
                Map.of(),
                List.of(),
                List.of())));
    await()
        .atMost(VERDICT)
        .until(
            () ->
                second.client(first.bootstrapToken()).get("/slots", SlotList.class).slots().stream()
                        .filter(s -> !s.state().equals("away"))
                        .count()
                    == 2);
  }

  private static Path folder(Path parent, String name) throws IOException {
    return java.nio.file.Files.createDirectories(parent.resolve(name));
  }

  /** Where none can be had the tests are left out, loudly; in CI that is a failure. */
  private static MySqlPart mySql(Distribution distribution) {
    try {
      // it is killed: what was committed must be on disk
      return MySqlPart.start(distribution, true);
    } catch (IllegalStateException e) {
      if (Boolean.parseBoolean(System.getenv("CI"))) {
        throw e;
      }
      System.err.println("*** NOT TESTED ON PRODUCTION PARTS: " + e.getMessage());
      throw new TestAbortedException(e.getMessage());
    }
  }

  private static <T extends AutoCloseable> T opened(T part) {
    OPENED.push(part);
    return part;
  }

  @AfterAll
  static void stop() throws Exception {
    while (!OPENED.isEmpty()) {
      OPENED.pop().close();
    }
  }

  // ------------------------------------------------------------------------------------------ two
  // servers

  @Test
  @Order(1)
  void whatWasUploadedThroughOneServerIsThereAtTheOther() {
    BlobAnswer answer =
        second
            .client(token)
            .post(
                "/blobs/missing",
                new BlobQuestion(List.of(project.bundleSha256(), project.app().sha256())),
                BlobAnswer.class);

    assertThat(answer.missing()).isEmpty();
  }

  @Test
  @Order(2)
  void aJobThatEndsAtOneServerIsSeenByTheWatchersOfBothWithinASecond() throws Exception {
    String run = submit(first, "run-1500ms.spec.js").runId();
    try (Watching atFirst = new Watching(first.url(), token, run);
        Watching atSecond = new Watching(second.url(), token, run)) {
      await().atMost(VERDICT).until(() -> atFirst.over() && atSecond.over());

      for (Watching watching : List.of(atFirst, atSecond)) {
        List<Watching.Event> events = watching.events();
        assertThat(events.get(0).name()).isEqualTo("run");
        assertThat(events.get(0).data().path("jobs")).hasSize(1);
        Watching.Event last = events.get(events.size() - 1);
        assertThat(last.name()).isEqualTo("end");
        assertThat(last.data().path("state").asText()).isEqualTo("passed");
        assertThat(last.id()).isEqualTo("end");
      }
      // the worker reports to the second server: the first one's watchers hear it by the broker
      assertThat(atFirst.told("passed")).isPositive();
      assertThat(Duration.ofNanos(atFirst.told("passed") - atSecond.told("passed")).abs())
          .isLessThan(Duration.ofSeconds(1));
    }
  }

  @Test
  @Order(2)
  void aSpecThatIsKnownToBeLongIsDividedAmongTheSlots() throws Exception {
    // long enough that the split rule knows the work to stay, a tenth of an install after it came
    String spec = "run-5000ms-n77.spec.js";
    measured(FigureKey.setUp("qualgent", "dev.qgjob.parts", EMULATOR), null, 100);
    measured(FigureKey.spec("qualgent", "dev.qgjob.parts", EMULATOR, spec), spec, 600_000);
    RunSubmission plain = project.run("1.0", List.of(spec), 60);
    RunSubmission divided =
        new RunSubmission(
            null,
            plain.appVersionId(),
            plain.app(),
            null,
            null,
            plain.bundleSha256(),
            plain.projectDir(),
            plain.config(),
            plain.project(),
            plain.targets(),
            null,
            null,
            plain.tests(),
            true,
            null,
            null,
            null,
            plain.timeoutS(),
            null,
            null,
            null,
            null,
            Map.of(),
            null,
            Map.of(),
            null,
            null,
            null,
            null);

    RunView run = first.client(token).post("/runs", divided, RunView.class);

    assertThat(run.jobs())
        .extracting(JobView::testPath, JobView::part)
        .containsExactlyInAnyOrder(tuple(spec, new Part(1, 2)), tuple(spec, new Part(2, 2)));
    awaitPassed(second, run);
    assertThat(second.client(token).get("/runs/" + run.runId(), RunView.class).jobs())
        .extracting(JobView::slotId)
        .as("each on a slot of its own")
        .doesNotHaveDuplicates();
  }

  /** As if so much time had been measured, to the millisecond and often. */
  private static void measured(FigureKey key, @Nullable String spec, long millis)
      throws SQLException {
    try (Connection connection = database.connect();
        var insert =
            connection.prepareStatement(
                """
                insert into figure (id, kind, org_id, package_name, target, test_path, mean_ms,
                  spread_ms, measured, updated_at) values (?, ?, ?, ?, ?, ?, ?, 0, 9, now())
                """)) {
      insert.setString(1, key.id());
      insert.setString(2, key.kind().name());
      insert.setString(3, key.orgId());
      insert.setString(4, key.packageName());
      insert.setString(5, key.target().name());
      insert.setString(6, spec);
      insert.setLong(7, millis);
      insert.executeUpdate();
    }
  }

  // ------------------------------------------------------------------------------------------ the
  // broker

  @Test
  @Order(3)
  void submissionsAreTakenWhileTheBrokerIsAwayAndRunWhenItIsBack() throws Exception {
    broker.kill();
    long before = System.nanoTime();
    RunView run = submit(first, "run-10ms.spec.js", "run-10ms-n2.spec.js");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(health(first).checks())
                    .containsEntry("broker", "no answer")
                    .containsEntry("database", "ok"));
    assertThat(health(first).ready()).isTrue();
    assertThat(state(first, run)).isEqualTo(JobState.QUEUED);

    broker.restart();

    awaitPassed(second, run);
  }

  @Test
  @Order(4)
  void whatWasOutWhenTheBrokerLostItsDataIsSentAgain() throws Exception {
    RunView run =
        submit(second, IntStream.range(0, 6).mapToObj(n -> "run-700ms-n" + n + ".spec.js"));
    await().atMost(VERDICT).until(() -> state(second, run) == JobState.RUNNING);

    broker.wipe();
    broker.restart();

    awaitPassed(second, run);
  }

  // ------------------------------------------------------------------------------------------ the
  // database

  @Test
  @Order(5)
  void withoutItsDatabaseTheServerSaysSoAtOnceAndNobodyIsBlamed() throws Exception {
    RunView run = submit(second, "run-3000ms.spec.js");
    await().atMost(VERDICT).until(() -> state(second, run) == JobState.RUNNING);

    database.kill();
    long downAt = System.nanoTime();

    for (ServerPart server : List.of(first, second)) {
      long before = System.nanoTime();
      assertThatThrownBy(() -> submit(server, "run-1ms.spec.js"))
          .isInstanceOfSatisfying(
              ApiProblem.class,
              problem -> {
                assertThat(problem.problem().status()).isEqualTo(503);
                assertThat(problem.problem().type()).isEqualTo("database-away");
              });
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
      assertThat(health(server).live()).isTrue();
      assertThat(health(server).ready()).isFalse();
    }
    // longer than a lease, so that the running job's is lost
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> Duration.ofNanos(System.nanoTime() - downAt).compareTo(LEASE.plusSeconds(2)) > 0);
    database.restart();

    await().atMost(VERDICT).until(() -> health(first).ready());
    await().atMost(VERDICT).until(() -> health(second).ready());
    awaitPassed(second, run);
    assertThat(brokenAttempts(run)).isZero();
    assertThat(second.client(token).get("/runs/" + run.runId(), RunView.class).jobs().get(0))
        .extracting(JobView::attempt)
        .isEqualTo(2);
  }

  private static int brokenAttempts(RunView run) throws SQLException {
    try (Connection connection = database.connect();
        var query =
            connection.prepareStatement("select sum(broken_attempts) from job where run_id = ?")) {
      query.setString(1, run.runId());
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  @Test
  @Order(6)
  void aServerThatStartsWhileDatabaseAndBrokerAreAwayComesUpAndRecovers() throws Exception {
    database.kill();
    broker.kill();
    first.kill();
    first.relaunch();
    await()
        .atMost(VERDICT)
        .ignoreExceptionsMatching(e -> e instanceof Unreachable || e instanceof ApiProblem)
        .until(() -> health(first).live());
    assertThat(health(first).ready()).isFalse();
    assertThatThrownBy(() -> submit(first, "run-1ms.spec.js"))
        .isInstanceOfSatisfying(
            ApiProblem.class, problem -> assertThat(problem.problem().status()).isEqualTo(503));

    database.restart();
    broker.restart();

    await().atMost(VERDICT).until(() -> health(first).ready());
    awaitPassed(second, submit(first, "run-10ms.spec.js"));
  }

  // ------------------------------------------------------------------------------------------ one
  // of two

  @Test
  @Order(7)
  void whatOneServerLeavesBehindTheOtherFinishes() throws Exception {
    RunView run =
        submit(first, IntStream.range(0, 60).mapToObj(n -> "run-20ms-n" + n + ".spec.js"));
    first.kill();

    awaitPassed(second, run);
  }

  // ------------------------------------------------------------------------------------------ help

  private static RunView submit(ServerPart server, String... specs) {
    return submit(server, java.util.Arrays.stream(specs));
  }

  private static RunView submit(ServerPart server, java.util.stream.Stream<String> specs) {
    return server
        .client(token)
        .post("/runs", project.run("1.0", specs.toList(), 60), RunView.class);
  }

  private static Health health(ServerPart server) {
    return server.client(null).askEvenIfUnready("/health", Health.class).body();
  }

  private static JobState state(ServerPart server, RunView run) {
    return server.client(token).get("/runs/" + run.runId(), RunView.class).state();
  }

  private static void awaitPassed(ServerPart server, RunView run) {
    await()
        .atMost(VERDICT)
        .ignoreExceptionsInstanceOf(ApiProblem.class)
        .untilAsserted(() -> assertThat(state(server, run)).isEqualTo(JobState.PASSED));
  }
}
