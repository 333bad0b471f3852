package dev.qgjob.lab.throughput;

import com.zaxxer.hikari.HikariDataSource;
import dev.qgjob.client.ApiClient;
import dev.qgjob.client.Json;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.stack.Orgs;
import dev.qgjob.lab.stack.ServerPart;
import dev.qgjob.lab.stack.StubWorkerPart;
import dev.qgjob.lab.stub.StubProject;
import dev.qgjob.protocol.access.CreateEnrolment;
import dev.qgjob.protocol.access.EnrolmentCode;
import dev.qgjob.protocol.fleet.SlotList;
import dev.qgjob.protocol.report.RunView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The server as it ships, asked over HTTP with a submitter's token. */
final class QgjobServer implements Contender.Processing {
  /** As its help advises for one that is busy all day. */
  static final String JAVA_OPTIONS =
      System.getProperty("qgjob.lab.java-options", "-Xms128m -Xmx768m -XX:+UseSerialGC");

  /** App versions, each of which is one group of jobs. */
  static final int VERSIONS = 16;

  private static final String ORG = "qualgent";
  private static final List<String> TABLES =
      List.of("test_result", "attempt_result", "attempt", "artefact", "job", "run_key", "run");

  private static final String OPEN =
      "select count(*) from job where target = 'EMULATOR' and state in ('QUEUED', 'RUNNING')";
  private static final int SUBMITTERS = 4;
  private static final int RUN = 500;
  private static final Duration MOST = Duration.ofMinutes(3);

  private final Path folder;
  private final ServerPart server;
  private final HikariDataSource source;
  private final ApiClient admin;
  private final String token;
  private final StubProject project;
  private final AtomicInteger turn = new AtomicInteger();
  private final Deque<Wire> wires = new ArrayDeque<>();
  private @Nullable StubWorkerPart worker;

  QgjobServer(Distribution distribution, Path folder, String url) throws IOException {
    this.folder = folder;
    server =
        ServerPart.start(
            distribution,
            folder.resolve("server"),
            folder.resolve("server.log"),
            Map.of("QGJOB_JDBC_URL", url, "QGJOB_JAVA_OPTS", JAVA_OPTIONS));
    source = MySql.pool(url);
    admin = server.client(server.bootstrapToken());
    token = Orgs.create(admin, ORG);
    ApiClient submitter = server.client(token);
    project = StubProject.upload(submitter, "dev.qgjob.bench", folder);
    for (int i = 0; i < VERSIONS; i++) {
      submitter.post("/runs", project.run(version(i), List.of(test(0)), 60), RunView.class);
    }
    empty();
  }

  private static String version(int number) {
    return "v" + number;
  }

  /** The stub's word for a job that passes at once. */
  private static String test(int number) {
    return "tests/run-n" + number + ".spec.js";
  }

  ServerPart server() {
    return server;
  }

  HikariDataSource source() {
    return source;
  }

  ProcessCost cost() {
    return new ProcessCost(server.part().pid());
  }

  @Override
  public String name() {
    return "qgjob over HTTP";
  }

  @Override
  public Enqueuer enqueuer() {
    Wire wire;
    try {
      wire = wire();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Enqueuer() {
      @Override
      public void one() throws IOException {
        many(1);
      }

      @Override
      public void many(int jobs) throws IOException {
        wire.create("/runs", body(jobs));
      }
    };
  }

  /** What {@code qgjob submit} sends; app versions take turns. */
  private String body(int jobs) {
    StringBuilder tests = new StringBuilder();
    for (int i = 0; i < jobs; i++) {
      tests.append(i == 0 ? "" : ",").append('"').append(test(i)).append('"');
    }
    return """
    {"app_version_id":"%s","bundle_sha256":"%s","config":"appwright.config.js",\
    "project":"stub","targets":["emulator"],"tests":[%s]}"""
        .formatted(
            version(Math.floorMod(turn.getAndIncrement(), VERSIONS)),
            project.bundleSha256(),
            tests);
  }

  /** One job; its id. */
  String submit(Wire wire) throws IOException {
    return Json.mapper()
        .readTree(wire.create("/runs", body(1)))
        .path("jobs")
        .path(0)
        .path("job_id")
        .asText();
  }

  Wire wire() throws IOException {
    Wire wire = new Wire(server.url(), token);
    wires.push(wire);
    return wire;
  }

  /** Starts a worker with as many slots as there are app versions, whose jobs end at once. */
  void startWorker() {
    String code = admin.post("/enrolments", new CreateEnrolment(null), EnrolmentCode.class).code();
    worker =
        StubWorkerPart.start(
            new StubWorkerPart.Plan(
                server.url(),
                code,
                "bench",
                folder.resolve("worker"),
                VERSIONS,
                16,
                Map.of(),
                List.of(),
                List.of()));
    worker
        .part()
        .await(
            "offering its slots",
            Duration.ofMinutes(1),
            () ->
                admin.get("/slots", SlotList.class).slots().stream()
                        .filter(slot -> slot.state().equals("idle"))
                        .count()
                    == VERSIONS);
  }

  /** Jobs that wait or run. */
  long open() {
    return Sql.count(source, OPEN);
  }

  void awaitEnd() throws Exception {
    Sql.awaitNone(source, OPEN, MOST);
    long others = Sql.count(source, "select count(*) from job where state <> 'PASSED'");
    if (others > 0) {
      throw new IllegalStateException(others + " jobs did not pass");
    }
  }

  /** Submitted in runs of 500 while the first are carried out already; that counts, too. */
  @Override
  public double process(int jobs) throws Exception {
    AtomicInteger left = new AtomicInteger(jobs);
    List<Load.Step> steps = new ArrayList<>();
    long began = System.nanoTime();
    for (int i = 0; i < SUBMITTERS; i++) {
      Enqueuer enqueuer = enqueuer();
      steps.add(
          () -> {
            for (int mine = take(left); mine > 0; mine = take(left)) {
              enqueuer.many(mine);
            }
            return 0;
          });
    }
    Load.during(Duration.ZERO, steps);
    awaitEnd();
    return jobs / ((System.nanoTime() - began) / 1e9);
  }

  private static int take(AtomicInteger left) {
    return Math.min(RUN, left.getAndUpdate(n -> Math.max(0, n - RUN)));
  }

  @Override
  public List<Double> waits(int jobs) throws Exception {
    Wire wire = wire();
    for (int i = 0; i < jobs; i++) {
      String id = submit(wire);
      String unfinished =
          "select count(*) from job where id = '" + id + "' and state in ('QUEUED', 'RUNNING')";
      Sql.awaitNone(source, unfinished, MOST, Duration.ofMillis(20));
    }
    return waits();
  }

  /** From a job's row to its claim, in milliseconds by the database's clock. */
  List<Double> waits() {
    return Sql.numbers(
        source, "select timestampdiff(microsecond, created_at, started_at) / 1000 from job");
  }

  @Override
  public void empty() {
    Sql.execute(source, "set foreign_key_checks = 0");
    for (String table : TABLES) {
      Sql.execute(source, "set foreign_key_checks = 0", "truncate table " + table);
    }
  }

  @Override
  public void close() {
    if (worker != null) {
      worker.close();
    }
    for (Wire wire : wires) {
      try {
        wire.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    source.close();
    server.close();
  }
}
