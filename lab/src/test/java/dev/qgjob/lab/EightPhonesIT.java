package dev.qgjob.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.client.Json;
import dev.qgjob.domain.placement.LowerBound;
import dev.qgjob.lab.demo.Versions;
import dev.qgjob.lab.stack.Command.Result;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.stack.Stack;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.report.AttemptView;
import dev.qgjob.protocol.report.ExplanationView;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Placement with the shipped parts: three versions of very unequal size on eight simulated phones,
 * and what a user and an admin are told of it, by the commands that they would type. Installs are
 * counted at the phones.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class EightPhonesIT {
  private static final String ORG = "qualgent";
  private static final int PHONES = 8;
  private static final Duration INSTALL = Duration.ofSeconds(5);
  private static final Duration VERDICT = Duration.ofMinutes(20);
  private static final double MOST_STRETCH = 1.25;
  private static final double MOST_INSTALLS = 1.4;

  private static Distribution distribution;
  private static Path folder;
  private static Stack stack;
  private static List<Path> builds;

  /** Not in this repository, whose git would leave them out. */
  @TempDir private static Path projects;

  @BeforeAll
  static void start() {
    distribution = Distribution.ofThisBuild();
    folder =
        distribution
            .root()
            .resolve("lab/target/eight-phones")
            .resolve(Long.toString(System.currentTimeMillis()));
    builds = Versions.make(distribution, folder.resolve("apps"), 3);
    stack =
        new Stack(distribution, folder, new Stack.Plan(ORG, PHONES, INSTALL, "emulator", Map.of()));
    stack.startWorker("host", PHONES, Map.of());
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  @Order(1)
  void anAdminSetsWeightsAndCaps() {
    assertThat(admin("org", "set", ORG, "--weight=2", "--cap=3"))
        .contains(ORG)
        .contains("weight 2")
        .contains("cap 3");
    assertThat(admin("org", "list")).containsPattern(ORG + " .*2\\.0 +\\| 3 ");
    assertThat(admin("target", "set", "emulator", "--cap=5")).containsPattern("emulator +\\| 5");
    assertThat(admin("target", "list"))
        .containsPattern("emulator +\\| 5")
        .containsPattern("device +\\| none");
    Result wrong = stack.qgjobAdmin("admin", "org", "set", ORG, "--weight=-1");
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.err()).contains("weight");
    Result nobody = stack.qgjobAdmin("admin", "org", "set", "nobody", "--cap=1");
    assertThat(nobody.exit()).isNotZero();
    assertThat(nobody.err()).contains("nobody");
    assertThat(admin("org", "set", ORG, "--weight=1", "--cap=none")).contains("cap none");
    assertThat(admin("target", "set", "emulator", "--cap=none"))
        .containsPattern("emulator +\\| none");
  }

  private static String admin(String... arguments) {
    List<String> all = new ArrayList<>(List.of("admin"));
    all.addAll(List.of(arguments));
    return stack.qgjobAdmin(all.toArray(String[]::new)).expectSuccess();
  }

  @Test
  @Order(2)
  void whatIsQueuedBehindACapIsTold() throws IOException {
    admin("org", "set", ORG, "--cap=1");
    Path project = project("capped", 3, 10);
    String runId = submit(project, "1.0", builds.get(0));
    // the cap holds within a second, and one job at least is at work by then
    ExplanationView why =
        Awaitility.await("a job behind the cap")
            .atMost(VERDICT)
            .pollInterval(Duration.ofMillis(300))
            .until(
                () -> queued(runId).map(EightPhonesIT::explained),
                said -> said.isPresent() && said.get().constraint().equals("org-cap"))
            .orElseThrow();
    assertThat(why.line()).contains(ORG).contains("may run 1 job at once");
    assertThat(why.remedy()).contains("qgjob admin org set " + ORG + " --cap=N");
    assertThat(why.startP90()).isAfterOrEqualTo(why.startP50());
    admin("org", "set", ORG, "--cap=none");
    assertThat(verdict(runId).state()).isEqualTo(JobState.PASSED);
  }

  private static Optional<JobView> queued(String runId) {
    return stack.run(runId).jobs().stream().filter(j -> j.state() == JobState.QUEUED).findFirst();
  }

  private static ExplanationView explained(JobView job) {
    Result said = stack.qgjob(folder, "explain", "--job-id=" + job.jobId(), "-o", "json");
    return read(said.expectSuccess(), ExplanationView.class);
  }

  @Test
  @Order(2)
  void aWishForADeviceIsKeptOrRefusedAtOnce() throws IOException {
    Path project = project("wish", 1, 1);
    Result refused =
        stack.qgjob(
            project,
            "submit",
            "--org-id=" + ORG,
            "--app-version-id=1.0",
            "--app=" + builds.get(0),
            "--test=tests/*.spec.js",
            "--target=emulator",
            "--device=model=Pixel 99");
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err())
        .contains("model=Pixel 99, which no live slot of target emulator has")
        .contains("--wait-for-device");
    JsonNode slot =
        read(stack.qgjob(folder, "devices", "-o", "json").expectSuccess(), JsonNode.class)
            .path("slots")
            .get(0);
    String model = slot.path("capabilities").path("model").asText();
    assertThat(model).isNotBlank();
    String runId = submit(project, "1.0", builds.get(0), "--device=model=" + model);
    assertThat(verdict(runId).state()).isEqualTo(JobState.PASSED);
  }

  /**
   * Submitted at once, as the jobs of a pipeline do. Not among the usual tests, since its times are
   * the machine's as well: CONTRIBUTING.md.
   */
  @Test
  @Tag("measurement")
  @Order(3)
  void threeVersionsOfVeryUnequalSizeEndSoonWithFewInstalls() throws IOException {
    int before = stack.phones().installs();
    List<Path> projects =
        List.of(project("big", 40, 10), project("small", 10, 10), project("tiny", 4, 10));
    List<CompletableFuture<String>> submitted = new ArrayList<>();
    for (int i = 0; i < projects.size(); i++) {
      Path project = projects.get(i);
      String version = "2." + i;
      Path app = builds.get(i);
      submitted.add(CompletableFuture.supplyAsync(() -> submit(project, version, app)));
    }
    List<String> ids = submitted.stream().map(CompletableFuture::join).toList();
    tellOfOneThatWaits(ids);
    List<RunView> runs = ids.stream().map(EightPhonesIT::verdict).toList();
    int installs = stack.phones().installs() - before;
    runs.forEach(run -> assertThat(run.state()).as(run.runId()).isEqualTo(JobState.PASSED));
    assertThat(runs.stream().mapToInt(RunView::installs).sum())
        .as("told as counted at the phones")
        .isEqualTo(installs);
    // one phone of the run before may hold the first build still
    List<LowerBound.Family> families = runs.stream().map(EightPhonesIT::family).toList();
    double bound = LowerBound.of(families, by -> PHONES * by);
    double makespan = makespan(runs);
    long least = LowerBound.setUps(families, makespan);
    System.out.printf(
        Locale.ROOT,
        "%d phones, %s: makespan %.1f s, bound %.1f s: %.2f; installs %d, least %d: %.2f%n",
        PHONES,
        runs.stream().map(run -> Integer.toString(run.jobs().size())).toList(),
        makespan,
        bound,
        makespan / bound,
        installs,
        least,
        installs / (double) least);
    assertThat(makespan / bound).as("makespan / bound").isLessThanOrEqualTo(MOST_STRETCH);
    assertThat(installs / (double) least).as("installs / least").isLessThanOrEqualTo(MOST_INSTALLS);
  }

  /** As a user asks; of the jobs that wait some have begun when the answer comes. */
  private static void tellOfOneThatWaits(List<String> ids) {
    String said =
        Awaitility.await("a job that waits is explained")
            .atMost(VERDICT)
            .pollInterval(Duration.ofMillis(200))
            .until(
                () -> queued(ids.get(0)).map(EightPhonesIT::told).orElse(""),
                text -> text.contains("starts"));
    System.out.print(said);
    assertThat(said).contains("because").contains("unblocked by");
    String id = said.lines().findFirst().orElseThrow().replaceAll("^job +|,.*", "");
    assertThat(stack.qgjob(folder, "status", "--job-id=" + id).expectSuccess()).contains(id);
  }

  private static String told(JobView job) {
    return stack.qgjob(folder, "explain", "--job-id=" + job.jobId()).expectSuccess();
  }

  /** What the jobs took in themselves: their tests' time and, once for each slot, the install. */
  private static LowerBound.Family family(RunView run) {
    List<Double> times = run.jobs().stream().map(EightPhonesIT::seconds).toList();
    return new LowerBound.Family(
        times.stream().mapToDouble(t -> t).sum(),
        times.stream().max(Comparator.naturalOrder()).orElseThrow(),
        INSTALL.toMillis() / 1000.0,
        0);
  }

  private static double seconds(JobView job) {
    AttemptView last = job.attempts().get(job.attempts().size() - 1);
    return last.tests().stream().mapToLong(TestResult::durationMs).sum() / 1000.0;
  }

  private static double makespan(List<RunView> runs) {
    Instant from =
        runs.stream().map(RunView::createdAt).min(Comparator.naturalOrder()).orElseThrow();
    Instant to =
        runs.stream().map(RunView::finishedAt).max(Comparator.naturalOrder()).orElseThrow();
    return Duration.between(from, to).toMillis() / 1000.0;
  }

  @Test
  @Order(4)
  void savingsAreTold() {
    String today = LocalDate.now(ZoneOffset.UTC).toString();
    String said = stack.qgjob(folder, "savings").expectSuccess();
    System.out.print(said);
    JsonNode days =
        read(stack.qgjob(folder, "savings", "-o", "json").expectSuccess(), JsonNode.class)
            .path("days");
    JsonNode last = days.get(days.size() - 1);
    assertThat(last.path("day").asText()).isLessThanOrEqualTo(today);
    int installs = 0;
    int stock = 0;
    for (JsonNode day : days) {
      installs += day.path("installs").asInt();
      stock += day.path("stock_installs").asInt();
    }
    assertThat(installs).as("as counted at the phones").isEqualTo(stack.phones().installs());
    assertThat(stock).isGreaterThan(installs);
    assertThat(said).contains("installs").contains("stock").contains("saved");
  }

  private static Path project(String name, int specs, int seconds) throws IOException {
    Path project = Files.createDirectory(projects.resolve(name));
    Files.createDirectories(project.resolve("tests"));
    for (String file :
        List.of("package.json", "package-lock.json", "appwright.config.js", ".npmrc")) {
      Path from = distribution.example().resolve(file);
      if (Files.exists(from)) {
        Files.copy(from, project.resolve(file));
      }
    }
    Files.createSymbolicLink(
        project.resolve("node_modules"), distribution.example().resolve("node_modules"));
    for (int i = 1; i <= specs; i++) {
      Files.writeString(
          project.resolve("tests/takes-its-time-" + i + ".spec.js"),
          """
          const { test, expect } = require('appwright');
          test('takes its time', async ({ device }) => {
            await expect(device.getByText('Accessibility')).toBeVisible();
            await new Promise((resolve) => setTimeout(resolve, %d));
          });
          """
              .formatted(seconds * 1000));
    }
    return project;
  }

  private static String submit(Path project, String version, Path app, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "submit",
                "--org-id=" + ORG,
                "--app-version-id=" + version,
                "--app=" + app,
                "--test=tests/*.spec.js",
                "--target=emulator",
                "-o",
                "json"));
    command.addAll(List.of(more));
    Result result = stack.qgjob(project, command.toArray(String[]::new));
    return read(result.expectSuccess(), RunView.class).runId();
  }

  private static RunView verdict(String runId) {
    return Awaitility.await("verdict of " + runId)
        .atMost(VERDICT)
        .pollInterval(Duration.ofMillis(300))
        .until(() -> stack.run(runId), r -> r.finishedAt() != null);
  }

  private static <T> T read(String json, Class<T> as) {
    try {
      return Json.mapper().readValue(json, as);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not a " + as.getSimpleName() + ": " + json, e);
    }
  }
}
