package dev.qgjob.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.client.Json;
import dev.qgjob.lab.demo.Versions;
import dev.qgjob.lab.phones.CompanionApk;
import dev.qgjob.lab.stack.Cloud;
import dev.qgjob.lab.stack.Command.Result;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.stack.Stack;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.protocol.report.ArtefactView;
import dev.qgjob.protocol.report.AttemptView;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The way to BrowserStack with the shipped parts and unmodified AppWright over HTTPS: the stand-in
 * takes uploads, counts sessions and keeps to its parallels; behind it are a real Appium and
 * simulated phones. One stack serves all tests.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class BrowserStackIT {
  private static final String ORG = "qualgent";
  private static final int PARALLELS = 2;
  private static final Duration VERDICT = Duration.ofMinutes(4);

  private static Distribution distribution;
  private static Stack stack;
  private static Versions versions;

  @TempDir private Path temp;

  @BeforeAll
  static void start() {
    distribution = Distribution.ofThisBuild();
    Path folder =
        distribution
            .root()
            .resolve("lab/target/browserstack")
            .resolve(Long.toString(System.currentTimeMillis()));
    versions = Versions.make(distribution, folder.resolve("apps"));
    stack =
        new Stack(
            distribution,
            folder,
            new Stack.Plan(
                ORG,
                PARALLELS,
                Duration.ofSeconds(1),
                "device",
                Map.of("QGJOB_LEASE", "20s"),
                true));
    stack.startCloudWorker("cloud", "--browserstack-local=" + tunnel(folder));
  }

  /** Says what BrowserStackLocal says. */
  private static Path tunnel(Path folder) {
    try {
      Path program = folder.resolve("BrowserStackLocal");
      Files.writeString(
          program,
          """
          #!/bin/sh
          echo "[SUCCESS] You can now access your local server(s) in our remote browser"
          exec sleep 3600
          """);
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  private static RunView submitted(Path project, String... more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "submit",
                "--org-id=" + ORG,
                "--app-version-id=1.0",
                "--app=" + versions.first(),
                "--target=browserstack",
                "-o",
                "json"));
    command.addAll(List.of(more));
    Result result = stack.qgjob(project, command.toArray(String[]::new));
    assertThat(result.exit()).as(result.err()).isZero();
    return Json.mapper().readValue(result.out(), RunView.class);
  }

  private static RunView verdict(String runId) {
    return Awaitility.await("verdict of " + runId)
        .atMost(VERDICT)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> stack.run(runId), run -> run.finishedAt() != null);
  }

  private static AttemptView onlyAttempt(JobView job) {
    assertThat(job.attempts()).as("%s: %s", job.testPath(), job.message()).hasSize(1);
    return job.attempts().get(0);
  }

  private static JobView job(RunView run, String spec) {
    return run.jobs().stream().filter(j -> j.testPath().endsWith(spec)).findFirst().orElseThrow();
  }

  /** The sessions that an attempt's artefacts name, as BrowserStack has them now. */
  private List<JsonNode> sessions(AttemptView attempt) throws Exception {
    List<JsonNode> sessions = new ArrayList<>();
    for (ArtefactView artefact : attempt.artefacts()) {
      if (artefact.name().contains("browserstack-session")) {
        Path file = Files.createTempFile(temp, "session", ".json");
        stack.submitter().download(artefact.href().replaceFirst("^/api/v1", ""), file);
        JsonNode links = Json.mapper().readTree(file.toFile());
        assertThat(links.path("browser_url").asText()).startsWith("https://");
        assertThat(links.path("appium_logs_url").asText()).startsWith("https://");
        sessions.add(session(links.path("id").asText()));
      }
    }
    return sessions;
  }

  private static JsonNode session(String id) throws Exception {
    return ask("GET", "sessions/" + id + ".json").path("automation_session");
  }

  private static JsonNode ask(String method, String path) throws Exception {
    Cloud cloud = stack.phones().cloud();
    String account = cloud.user() + ":" + cloud.key();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(cloud.url() + "/app-automate/" + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header(
                "Authorization",
                "Basic "
                    + Base64.getEncoder().encodeToString(account.getBytes(StandardCharsets.UTF_8)))
            .build();
    HttpResponse<String> response =
        HttpClient.newBuilder()
            .sslContext(trusting(cloud.authority()))
            .build()
            .send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    return Json.mapper().readTree(response.body());
  }

  private static SSLContext trusting(Path authority) throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream pem = Files.newInputStream(authority)) {
      trusted.setCertificateEntry(
          "stand-in", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  private static int counted(String what) {
    return stack.phones().cloudReport().path(what).asInt(-1);
  }

  private static void noSessionIsLeft() {
    Awaitility.await("all sessions ended")
        .atMost(Duration.ofSeconds(20))
        .until(() -> counted("running") == 0 && counted("queued") == 0);
  }

  @Test
  @Order(1)
  void oneUploadServesAllJobsAndEachSessionTellsWhoseItWas() throws Exception {
    RunView run =
        verdict(
            submitted(
                    distribution.example(),
                    "--test=tests/onboarding.spec.js",
                    "--test=tests/settings.spec.js",
                    "--test=tests/fails-on-purpose.spec.js")
                .runId());
    for (String spec : List.of("onboarding.spec.js", "settings.spec.js")) {
      JobView job = job(run, spec);
      assertThat(job.state()).as("%s: %s", spec, job.message()).isEqualTo(JobState.PASSED);
      List<JsonNode> sessions = sessions(onlyAttempt(job));
      assertThat(sessions).hasSize(2);
      for (JsonNode session : sessions) {
        assertThat(session.path("name").asText())
            .contains(spec, job.jobId() + " attempt 1")
            .hasSizeLessThanOrEqualTo(250);
        assertThat(session.path("build_name").asText()).contains(run.runId());
        assertThat(session.path("status").asText()).isEqualTo("passed");
      }
    }
    JobView failed = job(run, "fails-on-purpose.spec.js");
    assertThat(failed.failureKind()).as(failed.message()).isEqualTo(FailureKind.TEST);
    JsonNode session = sessions(onlyAttempt(failed)).get(0);
    assertThat(session.path("status").asText()).isEqualTo("failed");
    assertThat(session.path("reason").asText())
        .contains("the checkout button")
        .doesNotContain("\u001b", "\n");
    assertThat(counted("uploads")).isEqualTo(1);
    assertThat(counted("sessions")).isEqualTo(5);
    assertThat(counted("mostRunning")).isBetween(1, PARALLELS);
    assertThat(counted("mostQueued")).isZero();
    JsonNode options = stack.phones().cloudReport().path("lastOptions");
    assertThat(options.path("local").asBoolean()).isTrue();
    assertThat(options.path("localIdentifier").asText()).startsWith("qgjob-");
    noSessionIsLeft();
  }

  private Path project(String name, String spec) throws IOException {
    Path project = Files.createDirectory(temp.resolve(name));
    Files.createDirectories(project.resolve("tests"));
    for (String file : List.of("package.json", "package-lock.json", "appwright.config.js")) {
      Files.copy(distribution.example().resolve(file), project.resolve(file));
    }
    Files.createSymbolicLink(
        project.resolve("node_modules"), distribution.example().resolve("node_modules"));
    Files.writeString(project.resolve("tests").resolve(name + ".spec.js"), spec);
    return project;
  }

  @Test
  @Order(2)
  void whatBrowserStackDoesNotKnowChangesNoVerdict() throws Exception {
    Path project =
        project(
            "odd",
            """
            const { test, expect } = require('appwright');
            test('asks for no device', async () => {
              expect(1 + 1).toBe(2);
            });
            test('takes too long', async ({ device }) => {
              test.setTimeout(1);
              await device.getByText('App', { exact: true }).tap();
            });
            test('fails, as it should', async ({ device }) => {
              test.fail();
              expect(device).toBeNull();
            });
            """);
    RunView run = verdict(submitted(project, "--test=tests/odd.spec.js").runId());
    AttemptView attempt = onlyAttempt(run.jobs().get(0));
    assertThat(attempt.tests())
        .as(run.jobs().get(0).message())
        .extracting(test -> test.status())
        .containsExactly(TestStatus.PASSED, TestStatus.TIMED_OUT, TestStatus.PASSED);
    assertThat(run.jobs().get(0).failureKind()).isEqualTo(FailureKind.TEST);
    assertThat(sessions(attempt))
        .extracting(session -> session.path("status").asText())
        .containsExactly("failed", "passed");
    noSessionIsLeft();
  }

  @Test
  @Order(3)
  void aTestThatEndsItsProcessAndAJobThatIsCancelledLeaveNoSession() throws Exception {
    Path project =
        project(
            "rude",
            """
            const { test } = require('appwright');
            test('ends its process', async ({ device }) => {
              process.kill(process.pid, 'SIGKILL');
            });
            test('goes on for ever', async ({ device }) => {
              console.log('going on');
              await new Promise(() => {});
            });
            """);
    String runId = submitted(project, "--test=tests/rude.spec.js").runId();
    String job = "--job-id=" + stack.run(runId).jobs().get(0).jobId();
    Awaitility.await("the second test")
        .atMost(VERDICT)
        .until(() -> stack.qgjob(project, "logs", job).out().contains("going on"));
    assertThat(counted("running")).as("the first test's session was ended").isEqualTo(1);
    assertThat(stack.qgjob(project, "cancel", job).exit()).isZero();
    assertThat(verdict(runId).state()).isEqualTo(JobState.CANCELLED);
    noSessionIsLeft();
    assertThat(counted("uploads")).isEqualTo(1);
  }

  @Test
  @Order(4)
  void anAppThatSomebodyDeletedGoesUpAgain() throws Exception {
    String url = ask("GET", "recent_apps").path(0).path("app_url").asText();
    ask("DELETE", "app/delete/" + url.replace("bs://", ""));
    RunView run =
        verdict(submitted(distribution.example(), "--test=tests/onboarding.spec.js").runId());
    JobView job = run.jobs().get(0);
    assertThat(job.state()).as(job.message()).isEqualTo(JobState.PASSED);
    assertThat(job.attempts()).hasSize(2);
    assertThat(job.attempts().get(0).message()).contains("BROWSERSTACK_INVALID_APP_CAP");
    assertThat(counted("uploads")).isEqualTo(2);
    noSessionIsLeft();
  }

  @Test
  @Order(5)
  void companionsComeAlongWithEachSession() throws Exception {
    int uploads = counted("uploads");
    Path companion = CompanionApk.of(versions.first(), temp);
    for (int run = 1; run <= 2; run++) {
      RunView submitted =
          submitted(
              distribution.example(),
              "--test=tests/onboarding.spec.js",
              "--companion=" + companion);
      JobView job = job(verdict(submitted.runId()), "onboarding.spec.js");
      assertThat(job.state()).as(job.message()).isEqualTo(JobState.PASSED);
      assertThat(CompanionApk.installs(stack.phones().phones(), CompanionApk.PACKAGE))
          .as("one for each of its two tests")
          .isEqualTo(2 * run);
    }
    assertThat(counted("uploads")).as("the companion's").isEqualTo(uploads + 1);
    noSessionIsLeft();
  }

  @Test
  @Order(6)
  void whatBrowserStackDropsIsTriedAgainAndSaidToBeSo() throws Exception {
    stack.phones().cloudFault("where=session&what=queue-full");
    RunView run =
        verdict(submitted(distribution.example(), "--test=tests/onboarding.spec.js").runId());
    JobView job = run.jobs().get(0);
    assertThat(job.state()).as(job.message()).isEqualTo(JobState.PASSED);
    assertThat(job.attempts()).hasSize(2);
    assertThat(job.attempts().get(0).failureKind()).isEqualTo(FailureKind.INFRASTRUCTURE);
    assertThat(job.attempts().get(0).message())
        .contains("BrowserStack's own queue is full")
        .doesNotContain("\n");
    noSessionIsLeft();
  }

  @Test
  @Order(7)
  void twoWorkersOfOneAccountKeepToItsParallels() throws Exception {
    stack.startCloudWorker("second");
    Path project =
        project(
            "first",
            """
            const { test } = require('appwright');
            test('one', async ({ device }) => {
              await device.getByText('App', { exact: true }).tap();
            });
            test('two', async ({ device }) => {
              await device.getByText('App', { exact: true }).tap();
            });
            """);
    List<String> specs = new ArrayList<>(List.of("--test=tests/first.spec.js"));
    for (int i = 0; i < 5; i++) {
      Files.copy(
          project.resolve("tests/first.spec.js"), project.resolve("tests/more-" + i + ".spec.js"));
      specs.add("--test=tests/more-" + i + ".spec.js");
    }
    RunView run = verdict(submitted(project, specs.toArray(String[]::new)).runId());
    assertThat(run.jobs())
        .allSatisfy(job -> assertThat(job.state()).as(job.message()).isEqualTo(JobState.PASSED));
    assertThat(counted("mostRunning")).isEqualTo(PARALLELS);
    assertThat(counted("mostQueued")).as("what waits, waits in the server's queue").isZero();
    noSessionIsLeft();
  }
}
