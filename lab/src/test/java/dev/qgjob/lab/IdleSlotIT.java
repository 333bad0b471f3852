package dev.qgjob.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.qgjob.client.ApiClient;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.stack.Orgs;
import dev.qgjob.lab.stack.ServerOptions;
import dev.qgjob.lab.stack.ServerPart;
import dev.qgjob.lab.stack.StubWorkerPart;
import dev.qgjob.lab.stub.StubProject;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.access.CreateEnrolment;
import dev.qgjob.protocol.access.EnrolmentCode;
import dev.qgjob.protocol.fleet.SlotList;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * How soon an idle slot has the work that it may take: from the moment that the server wrote to the
 * moment of the claim, both by the database's clock. A stub worker, so that nothing else is
 * measured; the middle one counts, since others may need this machine as well.
 */
final class IdleSlotIT {
  private static final int SLOTS = 4;
  private static final Duration MOST = Duration.ofMillis(100);
  private static final Duration VERDICT = Duration.ofMinutes(2);

  private static ServerPart server;
  private static StubWorkerPart worker;
  private static ApiClient submitter;
  private static StubProject project;

  @BeforeAll
  static void start() throws IOException {
    Distribution distribution = Distribution.ofThisBuild();
    Path folder =
        distribution
            .root()
            .resolve("lab/target/idle-slot")
            .resolve(Long.toString(System.currentTimeMillis()));
    server =
        ServerPart.start(
            distribution,
            folder.resolve("server"),
            folder.resolve("server.log"),
            ServerOptions.EMBEDDED);
    ApiClient admin = server.client(server.bootstrapToken());
    submitter = server.client(Orgs.create(admin, "qualgent"));
    project = StubProject.upload(submitter, "dev.qgjob.idle", folder.resolve("tmp"));
    worker =
        StubWorkerPart.start(
            new StubWorkerPart.Plan(
                server.url(),
                admin.post("/enrolments", new CreateEnrolment(null), EnrolmentCode.class).code(),
                "stub",
                Files.createDirectories(folder.resolve("stub")),
                SLOTS,
                1,
                Map.of(),
                List.of(),
                List.of()));
    await()
        .atMost(VERDICT)
        .until(
            () ->
                admin.get("/slots", SlotList.class).slots().stream()
                        .filter(s -> !s.state().equals("away"))
                        .count()
                    == SLOTS);
    // the first ones load classes and prepare statements
    IntStream.range(0, 20).forEach(i -> run(List.of("run-1ms-n" + i + ".spec.js")));
  }

  @AfterAll
  static void stop() {
    if (worker != null) {
      worker.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private static RunView run(List<String> tests) {
    String id = submitter.post("/runs", project.run("1.0", tests, 60), RunView.class).runId();
    RunView run =
        await()
            .atMost(VERDICT)
            .pollInterval(Duration.ofMillis(20))
            .until(() -> submitter.get("/runs/" + id, RunView.class), r -> r.finishedAt() != null);
    assertThat(run.state()).isEqualTo(JobState.PASSED);
    return run;
  }

  @Test
  void whatIsSubmittedToIdleSlotsIsClaimedAtOnce() {
    List<Duration> waits = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      JobView job = run(List.of("run-1ms-n" + (100 + i) + ".spec.js")).jobs().get(0);
      waits.add(Duration.between(job.createdAt(), started(job)));
    }
    tell("from submission to claim", waits);
  }

  @Test
  void aSlotThatEndsAJobHasTheNextAtOnce() {
    RunView run =
        run(IntStream.range(0, 80).mapToObj(i -> "run-200ms-n" + i + ".spec.js").toList());
    Map<String, List<JobView>> bySlot = new HashMap<>();
    run.jobs()
        .forEach(
            job ->
                bySlot
                    .computeIfAbsent(Objects.requireNonNull(job.slotId()), k -> new ArrayList<>())
                    .add(job));
    // over how many slots they are spread is the split rule's, and depends on what was measured
    List<Duration> gaps = new ArrayList<>();
    bySlot
        .values()
        .forEach(
            jobs -> {
              jobs.sort(Comparator.comparing(IdleSlotIT::started));
              for (int i = 1; i < jobs.size(); i++) {
                Instant ended = Objects.requireNonNull(jobs.get(i - 1).finishedAt());
                gaps.add(Duration.between(ended, started(jobs.get(i))));
              }
            });
    assertThat(gaps).hasSizeGreaterThanOrEqualTo(run.jobs().size() - SLOTS);
    tell("from the end of a job to the next claim", gaps);
  }

  private static Instant started(JobView job) {
    return Objects.requireNonNull(job.startedAt());
  }

  private static void tell(String what, List<Duration> times) {
    times.sort(Comparator.naturalOrder());
    Duration middle = times.get(times.size() / 2);
    System.out.printf(
        "%s: %d ms in the middle, %d ms for nine of ten, %d ms at most (%d)%n",
        what,
        middle.toMillis(),
        times.get(times.size() * 9 / 10).toMillis(),
        times.get(times.size() - 1).toMillis(),
        times.size());
    assertThat(middle).as(what).isLessThan(MOST);
  }
}
