package dev.qgjob.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.qgjob.client.ApiClient;
import dev.qgjob.client.ApiProblem;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.stack.ServerOptions;
import dev.qgjob.lab.stack.ServerPart;
import dev.qgjob.lab.stack.StubWorkerPart;
import dev.qgjob.lab.stub.StubProject;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.Role;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.access.CreateEnrolment;
import dev.qgjob.protocol.access.CreateOrg;
import dev.qgjob.protocol.access.CreateToken;
import dev.qgjob.protocol.access.EnrolmentCode;
import dev.qgjob.protocol.access.OrgView;
import dev.qgjob.protocol.access.ResourceView;
import dev.qgjob.protocol.access.TokenCreated;
import dev.qgjob.protocol.fleet.HoldSlot;
import dev.qgjob.protocol.fleet.SlotList;
import dev.qgjob.protocol.fleet.SlotView;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import dev.qgjob.protocol.submit.RunSubmission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The rules of placement that no phone is needed for, with the shipped server and a stub worker:
 * two emulators, one of them for strangers beside them, and two devices, one of them with an old
 * processor.
 */
final class PlacementIT {
  private static final String ORG = "qualgent";
  private static final Duration VERDICT = Duration.ofMinutes(2);

  private static ServerPart server;
  private static StubWorkerPart worker;
  private static ApiClient admin;
  private static ApiClient submitter;
  private static StubProject project;
  private static Path folder;
  private static int number;

  @BeforeAll
  static void start() throws IOException {
    Distribution distribution = Distribution.ofThisBuild();
    folder =
        distribution
            .root()
            .resolve("lab/target/placement")
            .resolve(Long.toString(System.currentTimeMillis()));
    server =
        ServerPart.start(
            distribution,
            folder.resolve("server"),
            folder.resolve("server.log"),
            ServerOptions.EMBEDDED);
    admin = server.client(server.bootstrapToken());
    submitter = server.client(org(ORG, Role.SUBMITTER));
    project = StubProject.upload(submitter, "dev.qgjob.placement", folder.resolve("tmp"));
    worker =
        StubWorkerPart.start(
            new StubWorkerPart.Plan(
                server.url(),
                admin.post("/enrolments", new CreateEnrolment(null), EnrolmentCode.class).code(),
                "stub",
                Files.createDirectories(folder.resolve("stub")),
                2,
                1,
                Map.of("QGJOB_STUB_ALSO", "device;emulator,untrusted=true;device,abis=armeabi-v7a"),
                List.of(),
                List.of()));
    await().atMost(VERDICT).until(() -> slots().size() == 5);
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

  private static String org(String name, Role role) {
    admin.post("/orgs", new CreateOrg(name, null), OrgView.class);
    return admin
        .post("/orgs/" + name + "/tokens", new CreateToken(role, "it", null), TokenCreated.class)
        .token();
  }

  private static List<SlotView> slots() {
    return admin.get("/slots", SlotList.class).slots().stream()
        .filter(slot -> !slot.state().equals("away"))
        .toList();
  }

  private static List<String> specs(int count, int millis) {
    return IntStream.range(0, count)
        .mapToObj(i -> "run-" + millis + "ms-n" + ++number + ".spec.js")
        .toList();
  }

  private static RunSubmission submission(
      StubProject of,
      List<String> specs,
      List<Target> targets,
      @Nullable Map<String, String> secrets,
      @Nullable List<String> resources) {
    RunSubmission plain = of.run("1.0", specs, 60);
    return new RunSubmission(
        null,
        plain.appVersionId(),
        plain.app(),
        null,
        null,
        plain.bundleSha256(),
        plain.projectDir(),
        plain.config(),
        plain.project(),
        targets,
        null,
        null,
        plain.tests(),
        null,
        null,
        null,
        null,
        plain.timeoutS(),
        null,
        null,
        null,
        null,
        Map.of(),
        secrets,
        Map.of(),
        null,
        null,
        resources,
        null);
  }

  private static List<JobView> passed(ApiClient client, RunSubmission submission) {
    String id = client.post("/runs", submission, RunView.class).runId();
    RunView run =
        await()
            .atMost(VERDICT)
            .pollInterval(Duration.ofMillis(50))
            .until(() -> client.get("/runs/" + id, RunView.class), r -> r.finishedAt() != null);
    assertThat(run.state()).isEqualTo(JobState.PASSED);
    return run.jobs();
  }

  private static List<JobView> passed(List<Target> targets, List<String> specs) {
    return passed(submitter, submission(project, specs, targets, null, null));
  }

  private static List<String> slotsOf(List<JobView> jobs) {
    return jobs.stream().map(job -> Objects.requireNonNull(job.slotId())).distinct().toList();
  }

  @Test
  void jobsGoOnToAnotherTargetThatStandsIdle() {
    List<JobView> jobs = passed(List.of(Target.EMULATOR, Target.DEVICE), specs(30, 400));

    assertThat(jobs).extracting(JobView::target).contains(Target.EMULATOR, Target.DEVICE);
    assertThat(slotsOf(jobs)).anyMatch(slot -> slot.startsWith("stub:device:also-"));
    assertThat(passed(List.of(Target.EMULATOR), specs(6, 50)))
        .as("where only one target is allowed they stay")
        .extracting(JobView::target)
        .containsOnly(Target.EMULATOR);
  }

  @Test
  void aBuildGoesToThePhonesThatRunItsNativeCode() throws IOException {
    StubProject arm64 =
        StubProject.upload(submitter, "dev.qgjob.arm64", folder.resolve("tmp"), "arm64-v8a");
    List<Target> devices = List.of(Target.DEVICE);

    assertThat(slotsOf(passed(submitter, submission(arm64, specs(8, 200), devices, null, null))))
        .containsExactly("stub:device:also-1");
  }

  @Test
  void noMoreJobsUseAResourceAtOnceThanThereAre() {
    admin.tell(
        "/orgs/" + ORG + "/resources",
        new ResourceView("account", 1),
        ResourceView[].class,
        Map.of());
    List<JobView> jobs =
        new ArrayList<>(
            passed(
                submitter,
                submission(
                    project,
                    specs(6, 200),
                    List.of(Target.EMULATOR, Target.DEVICE),
                    null,
                    List.of("account"))));

    jobs.sort(Comparator.comparing(PlacementIT::started));
    for (int i = 1; i < jobs.size(); i++) {
      Instant ended = Objects.requireNonNull(jobs.get(i - 1).finishedAt());
      assertThat(started(jobs.get(i))).isAfterOrEqualTo(ended);
    }
  }

  private static Instant started(JobView job) {
    return Objects.requireNonNull(job.startedAt());
  }

  @Test
  void aHeldSlotGetsNothingUntilItIsReleased() {
    String held = "stub:emulator:stub-1";
    submitter.tell(
        "/slots/" + held + "/hold", new HoldSlot(600, "looking"), SlotView.class, Map.of());

    assertThat(slotsOf(passed(List.of(Target.EMULATOR), specs(8, 50))))
        .containsExactly("stub:emulator:stub-2");
    assertThat(slots())
        .filteredOn(slot -> slot.slotId().equals(held))
        .extracting(SlotView::state, SlotView::holdReason)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("held", "looking"));

    submitter.delete("/slots/" + held + "/hold");
    await()
        .atMost(VERDICT)
        .untilAsserted(
            () ->
                assertThat(slotsOf(passed(List.of(Target.EMULATOR), specs(8, 300))))
                    .contains(held));
  }

  @Test
  void whatStrangersSubmitRunsOnlyOnSlotsForThemAndHasNoSecrets() throws IOException {
    ApiClient stranger = server.client(org("forks", Role.UNTRUSTED));
    StubProject theirs = StubProject.upload(stranger, "dev.qgjob.forks", folder.resolve("tmp"));

    List<JobView> jobs =
        passed(stranger, submission(theirs, specs(6, 50), List.of(Target.EMULATOR), null, null));

    assertThat(slotsOf(jobs)).containsExactly("stub:emulator:also-2");
    assertThat(slotsOf(passed(List.of(Target.EMULATOR), specs(20, 50))))
        .doesNotContain("stub:emulator:also-2");
    assertThatThrownBy(
            () ->
                passed(
                    stranger,
                    submission(
                        theirs,
                        specs(1, 50),
                        List.of(Target.EMULATOR),
                        Map.of("PIN", "1234"),
                        null)))
        .isInstanceOfSatisfying(
            ApiProblem.class,
            problem -> assertThat(problem.problem().field()).isEqualTo("secrets"));
    assertThatThrownBy(
            () ->
                passed(
                    stranger, submission(theirs, specs(1, 50), List.of(Target.DEVICE), null, null)))
        .isInstanceOfSatisfying(
            ApiProblem.class,
            problem -> assertThat(problem.problem().title()).contains("untrusted=true"));
    assertThatThrownBy(
            () ->
                stranger.tell(
                    "/slots/stub:emulator:also-2/hold",
                    new HoldSlot(600, "mine"),
                    SlotView.class,
                    Map.of()))
        .isInstanceOfSatisfying(
            ApiProblem.class, problem -> assertThat(problem.problem().status()).isEqualTo(403));
  }
}
