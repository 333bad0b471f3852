package dev.qgjob.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.client.Json;
import dev.qgjob.lab.demo.Versions;
import dev.qgjob.lab.stack.Command.Result;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.stack.Stack;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.protocol.report.ArtefactView;
import dev.qgjob.protocol.report.AttemptView;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole way with the shipped parts: real AppWright, Playwright, Appium and adb; only the phones
 * are simulated, and the installs are counted at them. One stack serves all tests; those that break
 * something come last.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class OnPhonesIT {
  private static final String ORG = "qualgent";
  private static final int PHONES = 2;
  private static final Duration VERDICT = Duration.ofMinutes(4);

  /** A red dot. */
  private static final String PICTURE =
      "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO"
          + "9TXL0Y4OHwAAAABJRU5ErkJggg==";

  private static Distribution distribution;
  private static Stack stack;
  private static Versions versions;

  @TempDir private static Path projects;

  @BeforeAll
  static void start() {
    distribution = Distribution.ofThisBuild();
    Path folder = distribution.root().resolve("lab/target/on-phones").resolve(stamp());
    versions = Versions.make(distribution, folder.resolve("apps"));
    stack =
        new Stack(
            distribution,
            folder,
            new Stack.Plan(
                ORG, PHONES, Duration.ofSeconds(4), "emulator", Map.of("QGJOB_LEASE", "20s")));
    stack.startWorker("host", PHONES, Map.of());
  }

  private static String stamp() {
    return Long.toString(System.currentTimeMillis());
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  private static List<String> submit(String version, Path app, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of("submit", "--org-id=" + ORG, "--app-version-id=" + version, "-o", "json"));
    if (app != null) {
      command.add("--app=" + app);
    }
    command.addAll(List.of(more));
    return command;
  }

  private static RunView run(String version, Path app, String... more) {
    Result result =
        stack.qgjob(distribution.example(), submit(version, app, more).toArray(String[]::new));
    assertThat(result.exit()).as(result.err()).isZero();
    return verdict(read(result.out()).runId());
  }

  private static RunView read(String json) {
    try {
      return Json.mapper().readValue(json, RunView.class);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not a run: " + json, e);
    }
  }

  private static RunView verdict(String runId) {
    return Awaitility.await("verdict of " + runId)
        .atMost(VERDICT)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> stack.run(runId), r -> r.finishedAt() != null);
  }

  private static AttemptView lastAttempt(JobView job) {
    return job.attempts().get(job.attempts().size() - 1);
  }

  @Test
  @Order(1)
  void eachVersionIsInstalledOnceAndEverySpecGetsItsVerdict() {
    int before = stack.phones().installs();
    CompletableFuture<RunView> one =
        CompletableFuture.supplyAsync(
            () -> run("1.0", versions.first(), "--test=tests/*.spec.*", "--target=emulator"));
    CompletableFuture<RunView> two =
        CompletableFuture.supplyAsync(
            () -> run("1.1", versions.second(), "--test=tests/*.spec.*", "--target=emulator"));
    List<RunView> runs = List.of(one.join(), two.join());
    int installs = stack.phones().installs() - before;
    for (RunView run : runs) {
      assertThat(run.jobs()).hasSizeGreaterThanOrEqualTo(5);
      assertThat(run.state()).isEqualTo(JobState.FAILED);
      run.jobs().forEach(OnPhonesIT::isAsItsNameSays);
    }
    long slotsUsed =
        runs.stream()
            .mapToLong(r -> r.jobs().stream().map(JobView::slotId).distinct().count())
            .sum();
    assertThat(installs).as("once for each version on each phone it ran on").isEqualTo(slotsUsed);
    assertThat(installs).isBetween(2, 2 * PHONES);
    assertThat(runs.stream().mapToInt(RunView::installs).sum())
        .as("told as counted at the phones")
        .isEqualTo(installs);
    assertThat(runs.stream().mapToInt(RunView::stockInstalls).sum())
        .as("stock AppWright installs for every test")
        .isEqualTo(executedTests(runs));
  }

  private static int executedTests(List<RunView> runs) {
    return runs.stream()
        .flatMap(r -> r.jobs().stream())
        .mapToInt(
            j ->
                (int)
                    lastAttempt(j).tests().stream()
                        .filter(t -> t.status() != TestStatus.SKIPPED)
                        .count())
        .sum();
  }

  private static void isAsItsNameSays(JobView job) {
    AttemptView attempt = lastAttempt(job);
    assertThat(attempt.tests()).as(job.testPath()).isNotEmpty();
    assertThat(attempt.artefacts()).as(job.testPath()).extracting(ArtefactView::name).isNotEmpty();
    if (job.testPath().contains("fails-on-purpose")) {
      assertThat(job.state()).isEqualTo(JobState.FAILED);
      assertThat(job.failureKind()).isEqualTo(FailureKind.TEST);
      TestResult failed =
          attempt.tests().stream()
              .filter(t -> t.status() == TestStatus.FAILED)
              .findFirst()
              .orElseThrow();
      assertThat(failed.message()).isNotBlank();
      assertThat(failed.codeFrame()).contains(">");
      assertThat(failed.line()).isPositive();
    } else {
      assertThat(job.state())
          .as("%s: %s", job.testPath(), job.message())
          .isEqualTo(JobState.PASSED);
    }
  }

  @Test
  @Order(2)
  void aLaterRunOfAVersionThatAPhoneHoldsInstallsNothing() {
    // where the runs before left the versions depends on how they were spread: bring it to a phone
    RunView first = onboarding();
    int before = stack.phones().installs();
    RunView second = onboarding();
    assertThat(stack.phones().installs() - before).isZero();
    assertThat(second.installs()).isZero();
    assertThat(second.jobs().get(0).slotId()).isEqualTo(first.jobs().get(0).slotId());
  }

  private static RunView onboarding() {
    RunView run = run("1.0", null, "--test=tests/onboarding.spec.js", "--target=emulator");
    assertThat(run.state()).as(run.jobs().get(0).message()).isEqualTo(JobState.PASSED);
    return run;
  }

  @Test
  @Order(3)
  void theExitCodeOfAWaitIsTheVerdict() {
    assertThat(wait("tests/onboarding.spec.js").exit()).isZero();
    Result failed = wait("tests/fails-on-purpose.spec.js");
    assertThat(failed.exit()).isEqualTo(10);
    JobView job = read(failed.out()).jobs().get(0);
    Result status = stack.qgjob(distribution.example(), "status", "--job-id=" + job.jobId());
    assertThat(status.exit()).isZero();
    assertThat(status.out()).contains("failed").contains("fails-on-purpose.spec.js");
  }

  private static Result wait(String test) {
    return stack.qgjob(
        distribution.example(),
        submit("1.0", null, "--test=" + test, "--target=emulator", "--wait")
            .toArray(String[]::new));
  }

  @Test
  @Order(4)
  void whatExecutedNothingIsNoPass() throws IOException {
    Path project = project("empty");
    Files.writeString(
        project.resolve("tests/skipped.spec.js"),
        """
        const { test } = require('appwright');
        test.skip('never runs', async () => {});
        """);
    Result result =
        stack.qgjob(
            project,
            submit("1.0", null, "--test=tests/skipped.spec.js", "--target=emulator", "--wait")
                .toArray(String[]::new));
    assertThat(result.exit()).as(result.err()).isEqualTo(15);
    RunView run = read(result.out());
    assertThat(run.state()).isEqualTo(JobState.ERROR);
    assertThat(run.jobs().get(0).failureKind()).isEqualTo(FailureKind.SUBMITTER);
  }

  /**
   * The page that Playwright makes of what the worker kept: each spec's tests, their tries, and the
   * files that they attached.
   */
  @Test
  @Order(4)
  void aRunIsAnHtmlReportOfPlaywrights() throws IOException {
    Path project = project("report");
    Files.writeString(
        project.resolve("tests/attaches.spec.js"),
        """
        const { test, expect } = require('appwright');
        test.use({ trace: 'on' });
        test.describe('what the app shows', () => {
          test.describe.configure({ retries: 1 });
          test('is there at last', async ({ device }, info) => {
            await expect(device.getByText('Views', { exact: true })).toBeVisible();
            const body = Buffer.from('%s', 'base64');
            await info.attach('screen', { body, contentType: 'image/png' });
            expect(info.retry).toBe(1);
          });
          test('is never there', async () => {
            expect('apples').toBe('pears');
          });
        });
        """
            .formatted(PICTURE));
    Files.writeString(
        project.resolve("tests/skipped.spec.js"),
        """
        const { test } = require('appwright');
        test.skip('is left out', async () => {});
        """);
    Result waited =
        stack.qgjob(
            project,
            submit("1.0", null, "--test=tests/*.spec.js", "--target=emulator", "--wait")
                .toArray(String[]::new));
    assertThat(waited.exit()).as(waited.err()).isEqualTo(15);

    Path page = project.resolve("playwright-report");
    Result report =
        stack.qgjob(
            project,
            "report",
            "--run-id=" + read(waited.out()).runId(),
            "--html=" + page,
            "--project-dir=" + installed());
    assertThat(report.exit()).as(report.err()).isZero();
    Map<String, JsonNode> tests = testsOn(page.resolve("index.html"));
    assertThat(tests.keySet())
        .containsExactlyInAnyOrder(
            "tests/attaches.spec.js what the app shows is there at last: flaky",
            "tests/attaches.spec.js what the app shows is never there: unexpected",
            "tests/skipped.spec.js is left out: skipped",
            "tests/skipped.spec.js tests/skipped.spec.js: unexpected");
    JsonNode flaky = tests.get("tests/attaches.spec.js what the app shows is there at last: flaky");
    assertThat(flaky.path("results"))
        .extracting(result -> result.path("status").asText())
        .containsExactly("failed", "passed");
    assertThat(Instant.parse(flaky.at("/results/1/startTime").asText()))
        .isAfter(Instant.parse(flaky.at("/results/0/startTime").asText()));
    for (JsonNode result : flaky.path("results")) {
      assertThat(attached(page, result, "screen"))
          .hasBinaryContent(Base64.getDecoder().decode(PICTURE));
      assertThat(attached(page, result, "trace")).isNotEmptyFile();
    }
    assertThat(page.resolve("trace/index.html")).as("the viewer of traces").exists();
    JsonNode failed =
        tests.get("tests/attaches.spec.js what the app shows is never there: unexpected");
    assertThat(failed.at("/results/0/errors/0/message").asText())
        .contains("Expected: \"pears\"")
        .contains("> ");
    assertThat(attached(page, failed.at("/results/0"), "log.txt")).isNotEmptyFile();
    assertThat(attached(page, failed.at("/results/0"), "error-context").toString())
        .as("what it is can be told from its name")
        .endsWith(".md");
    assertThat(
            tests
                .get("tests/skipped.spec.js tests/skipped.spec.js: unexpected")
                .at("/results/0/errors/0/message")
                .asText())
        .contains("nothing was executed");
  }

  /** Where the worker installed the example's packages: the example itself may be without. */
  private static Path installed() throws IOException {
    Path all = stack.workerFolder("host").resolve("cache/dependencies");
    try (Stream<Path> each = Files.list(all)) {
      return each.filter(folder -> Files.isDirectory(folder.resolve("node_modules/playwright")))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no packages in " + all));
    }
  }

  /** By file, titles and outcome. */
  private static Map<String, JsonNode> testsOn(Path page) throws IOException {
    Matcher data =
        Pattern.compile("playwrightReportBase64\">data:application/zip;base64,([^<]*)<")
            .matcher(Files.readString(page));
    assertThat(data.find()).isTrue();
    Map<String, JsonNode> tests = new HashMap<>();
    try (ZipInputStream zip =
        new ZipInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(data.group(1))))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        JsonNode file = Json.mapper().readTree(zip.readAllBytes());
        for (JsonNode test : file.path("tests")) {
          StringBuilder name = new StringBuilder(file.path("fileName").asText());
          test.path("path").forEach(title -> name.append(' ').append(title.asText()));
          name.append(' ').append(test.path("title").asText());
          tests.put(name.append(": ").append(test.path("outcome").asText()).toString(), test);
        }
      }
    }
    return tests;
  }

  private static Path attached(Path page, JsonNode result, String name) {
    for (JsonNode attachment : result.path("attachments")) {
      if (attachment.path("name").asText().equals(name)) {
        return page.resolve(attachment.path("path").asText());
      }
    }
    throw new AssertionError("no " + name + " in " + result);
  }

  /**
   * A copy of the example's project outside the repository, whose git would leave it out; its
   * dependencies are the same, by the same lockfile.
   */
  private static Path project(String name) throws IOException {
    Path project = Files.createDirectory(projects.resolve(name));
    Files.createDirectories(project.resolve("tests"));
    for (String file :
        List.of("package.json", "package-lock.json", "appwright.config.js", ".npmrc")) {
      Path from = distribution.example().resolve(file);
      if (Files.exists(from)) {
        Files.copy(from, project.resolve(file));
      }
    }
    Path modules = distribution.example().resolve("node_modules");
    Files.createSymbolicLink(project.resolve("node_modules"), modules);
    return project;
  }

  @Test
  @Order(5)
  void anAppThatIsNoneIsRefusedBeforeAnythingIsSent(@TempDir Path temp) throws IOException {
    Path app = Files.writeString(temp.resolve("broken.apk"), "not an app");
    Result result =
        stack.qgjob(
            distribution.example(),
            submit("9.9", app, "--test=tests/onboarding.spec.js", "--target=emulator")
                .toArray(String[]::new));
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err().strip().lines()).hasSize(1);
    assertThat(result.err()).contains(app.getFileName().toString());
    Result known = stack.qgjob(distribution.example(), "apps", "--app-version-id=9.9");
    assertThat(known.exit()).isNotZero();
  }

  @Test
  @Order(5)
  void theDoctorFindsAnUnfitPhoneAndPreparingBringsItIntoShape() {
    String asleep = stack.phones().serials().get(0);
    String fit = stack.phones().serials().get(1);
    String state = stack.workerFolder("host").toString();
    stack.phones().tell(asleep, "condition?awake=false&locked=true&secret=1234");
    try {
      Result wrong = stack.workerCommand(Map.of(), "doctor", "--state", state);
      assertThat(wrong.exit()).as(wrong.out()).isEqualTo(1);
      assertThat(wrong.out().lines().filter(line -> line.startsWith(" WRONG ")))
          .containsExactly(" WRONG phone " + asleep + ": its screen is off");
      assertThat(wrong.out()).contains("phone " + fit + " is fit", "worker host at ");

      Result prepared =
          stack.workerCommand(Map.of("PIN", "1234"), "prepare", "--secret-from", "PIN");
      assertThat(prepared.exit()).as(prepared.out() + prepared.err()).isZero();
      assertThat(prepared.out().lines())
          .containsExactlyInAnyOrder(asleep + ": ready", fit + ": ready");
      Result well = stack.workerCommand(Map.of(), "doctor", "--state", state);
      assertThat(well.exit()).as(well.out()).isZero();
    } finally {
      stack.phones().tell(asleep, "condition?awake=true&locked=false&secret=");
    }
  }

  @Test
  @Order(6)
  void aPhoneThatDisappearsCostsARepeatAndNotTheVerdict() throws IOException {
    Path project = project("slow");
    slowSpec(project, "slow.spec.js", 8);
    String runId = submitted(project, "--test=tests/slow.spec.js");
    JobView running = awaitRunning(runId);
    String serial =
        stack.phones().serials().stream()
            .filter(s -> running.slotId().endsWith(s))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no phone is " + running.slotId()));
    stack.phones().tell(serial, "vanish");
    try {
      RunView run = verdict(runId);
      assertThat(run.state()).as(run.jobs().get(0).message()).isEqualTo(JobState.PASSED);
      List<AttemptView> attempts = run.jobs().get(0).attempts();
      assertThat(attempts).hasSizeGreaterThanOrEqualTo(2);
      assertThat(attempts.get(0).failureKind())
          .isIn(FailureKind.TARGET, FailureKind.INFRASTRUCTURE);
      assertThat(attempts.get(attempts.size() - 1).slotId()).doesNotEndWith(serial);
    } finally {
      stack.bringBack(serial);
    }
  }

  @Test
  @Order(6)
  void aHubThatLosesItsPowerCostsNoAttempt() throws IOException {
    Path project = project("hub");
    slowSpec(project, "slow.spec.js", 8);
    String runId = submitted(project, "--test=tests/slow.spec.js");
    awaitRunning(runId);
    List<String> serials = stack.phones().serials();
    serials.forEach(serial -> stack.phones().tell(serial, "vanish"));
    try {
      Awaitility.await("the end of the attempt")
          .atMost(VERDICT)
          .until(() -> stack.run(runId).jobs().get(0).state() == JobState.QUEUED);
      assertThat(stack.run(runId).jobs().get(0).attempts().get(0).message())
          .contains("its host lost several at once: not counted");
    } finally {
      serials.forEach(stack::bringBack);
    }
    assertThat(verdict(runId).state()).isEqualTo(JobState.PASSED);
  }

  @Test
  @Order(6)
  void whatASpecPrintsIsReadWhileItRuns() throws IOException {
    Path project = project("talks");
    Path goOn = project.resolve("go-on").toAbsolutePath();
    Files.writeString(
        project.resolve("tests/talks.spec.js"),
        """
        const { test } = require('appwright');
        const { existsSync } = require('fs');
        test('talks', async ({ device }) => {
          console.log('the first line');
          while (!existsSync('%s')) {
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
          console.log('the last line');
        });
        """
            .formatted(goOn));
    String runId = submitted(project, "--test=tests/talks.spec.js");
    String job = "--job-id=" + awaitRunning(runId).jobId();
    Awaitility.await("what it prints")
        .atMost(VERDICT)
        .until(() -> stack.qgjob(project, "logs", job).out().contains("the first line"));
    assertThat(stack.run(runId).state()).isEqualTo(JobState.RUNNING);
    Files.createFile(goOn);
    Result followed = stack.qgjob(project, "logs", job, "--follow");
    assertThat(followed.exit()).as(followed.err()).isZero();
    assertThat(followed.out())
        .containsOnlyOnce("the first line")
        .containsOnlyOnce("the last line")
        .isEqualTo(stack.qgjob(project, "logs", job).out());
  }

  @Test
  @Order(6)
  void aSpecThatPassesOnANewInstallAloneLeaksStateAndStaysOnNewInstalls() throws IOException {
    onboarding(); // so that a phone holds the version
    Path project = project("leaks");
    Files.writeString(
        project.resolve("tests/leaks.spec.js"),
        """
        const { test } = require('appwright');
        const { execFileSync } = require('child_process');
        test('wants a new install', async ({ device }) => {
          const adb = process.env.ANDROID_HOME + '/platform-tools/adb';
          const dump = execFileSync(adb, ['shell', 'dumpsys', 'package', '%s'], { encoding: 'utf8' });
          const installed = Date.parse(/firstInstallTime=(.+)/.exec(dump)[1].trim().replace(' ', 'T') + 'Z');
          if (installed < %d) throw new Error('the app was there before');
        });
        """
            .formatted("io.appium.android.apis", System.currentTimeMillis()));
    RunView confirmed =
        verdict(submitted(project, "--test=tests/leaks.spec.js", "--reset=confirm"));
    JobView job = confirmed.jobs().get(0);
    assertThat(job.attempts())
        .extracting(AttemptView::outcome)
        .containsExactly(JobState.FAILED, JobState.PASSED);
    assertThat(job.flaky()).isTrue();
    assertThat(job.stateLeak()).isTrue();
    assertThat(job.attempts().get(1).installs()).isPositive();
    assertThat(stack.qgjob(project, "status", "--job-id=" + job.jobId()).out())
        .contains("state leak");

    JobView later = verdict(submitted(project, "--test=tests/leaks.spec.js")).jobs().get(0);
    assertThat(later.state()).isEqualTo(JobState.PASSED);
    assertThat(later.attempts()).as("on a new install at once").hasSize(1);

    JobView insisted =
        verdict(submitted(project, "--test=tests/leaks.spec.js", "--reset=clear-data"))
            .jobs()
            .get(0);
    assertThat(insisted.attempts().get(0).stockInstalls()).isEqualTo(1);
    assertThat(insisted.stateLeak()).isNull();
  }

  private static void slowSpec(Path project, String name, int seconds) throws IOException {
    Files.writeString(
        project.resolve("tests/" + name),
        """
        const { test, expect } = require('appwright');
        test('takes its time', async ({ device }) => {
          const end = Date.now() + %d;
          do {
            await expect(device.getByText('Accessibility')).toBeVisible();
            await new Promise((resolve) => setTimeout(resolve, 200));
          } while (Date.now() < end);
        });
        """
            .formatted(seconds * 1000));
  }

  private static String submitted(Path project, String... tests) {
    List<String> command = submit("1.0", null, tests);
    command.add("--target=emulator");
    Result result = stack.qgjob(project, command.toArray(String[]::new));
    assertThat(result.exit()).as(result.err()).isZero();
    return read(result.out()).runId();
  }

  private static JobView awaitRunning(String runId) {
    return Awaitility.await("a job of " + runId + " runs")
        .atMost(VERDICT)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () ->
                stack.run(runId).jobs().stream()
                    .filter(j -> j.state() == JobState.RUNNING)
                    .findFirst(),
            java.util.Optional::isPresent)
        .orElseThrow();
  }

  @Test
  @Order(7)
  void aKilledWorkerLosesNoJobAndDoublesNone() throws IOException {
    Path project = project("killed");
    for (int i = 1; i <= 4; i++) {
      slowSpec(project, "slow-" + i + ".spec.js", 4);
    }
    String runId = submitted(project, "--test=tests/*.spec.js");
    awaitRunning(runId);
    stack.worker().kill();
    stack.startWorker("host", 1, Map.of());
    RunView run = verdict(runId);
    assertThat(run.jobs()).hasSize(4);
    for (JobView job : run.jobs()) {
      assertThat(job.state()).as(job.message()).isEqualTo(JobState.PASSED);
      assertThat(job.attempts().stream().filter(a -> a.outcome() == JobState.PASSED))
          .as("one recorded verdict")
          .hasSize(1);
    }
    assertThat(run.jobs()).anyMatch(j -> j.attempts().size() > 1);
  }
}
