package dev.qgjob.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.cli.Process;
import dev.qgjob.cli.ScriptedServer;
import dev.qgjob.cli.Views;
import dev.qgjob.cli.submit.Project;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.submit.RunSubmission;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flags win over the environment, and the environment over the file. */
class SettingsTest {
  @TempDir Path folder;
  private ScriptedServer server;
  private Process process;
  private Project project;

  @BeforeEach
  void start() throws Exception {
    Path root = Files.createDirectory(folder.resolve("app"));
    server =
        new ScriptedServer()
            .on("GET /slots", Views.slots(Target.DEVICE))
            .on(
                "POST /runs",
                201,
                Views.run(JobState.QUEUED, Views.job("j1", JobState.QUEUED, null)));
    process = new Process(root).env("HOME", folder.resolve("home").toString()).at(server);
    project =
        Project.usual(root)
            .apk("builds/app.apk")
            .file(
                ".qgjob.yml",
                """
                app-version-id: from-file
                test:
                  - tests/login.spec.js
                  - tests/onboarding.spec.js
                target: [device, emulator]
                project: shelf
                app: builds/app.apk
                retries: 2
                env: {LOCALE: de, EMPTY: ''}
                label:
                  team: checkout
                """);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RunSubmission submitted(String... args) {
    Process.End end = process.qgjob(args);
    assertThat(end.code()).as(end.err()).isZero();
    return server.heard("POST /runs").orElseThrow().json(RunSubmission.class);
  }

  @Test
  void theFileAloneIsEnough() {
    assertThat(submitted("submit"))
        .returns("from-file", RunSubmission::appVersionId)
        .returns(List.of("tests/login.spec.js", "tests/onboarding.spec.js"), RunSubmission::tests)
        .returns(List.of(Target.DEVICE, Target.EMULATOR), RunSubmission::targets)
        .returns(2, RunSubmission::retries)
        .returns(Map.of("LOCALE", "de", "EMPTY", ""), RunSubmission::environment)
        .returns(Map.of("team", "checkout"), RunSubmission::labels);
  }

  @Test
  void deviceWishesMayStandInTheFile() {
    project.file(
        ".qgjob.yml",
        """
        app-version-id: from-file
        test: tests/login.spec.js
        target: device
        project: shelf
        app: builds/app.apk
        device: {model: Pixel 8, os: 14}
        wait-for-device: true
        """);
    assertThat(submitted("submit"))
        .returns(Map.of("model", "Pixel 8", "os", "14"), RunSubmission::device)
        .returns(true, RunSubmission::waitForDevice);
  }

  @Test
  void severalDeviceWishesStandInTheEnvironmentOneALine() {
    process.env("QGJOB_DEVICE", "model=Pixel 9\nshelf=2\n");
    assertThat(submitted("submit"))
        .returns(Map.of("model", "Pixel 9", "shelf", "2"), RunSubmission::device);
  }

  @Test
  void theEnvironmentWinsOverTheFile() {
    process.env("QGJOB_APP_VERSION_ID", "from-env").env("QGJOB_TEST", "tests/login.spec.js\n");
    assertThat(submitted("submit"))
        .returns("from-env", RunSubmission::appVersionId)
        .returns(List.of("tests/login.spec.js"), RunSubmission::tests)
        .returns(2, RunSubmission::retries);
  }

  @Test
  void flagsWinOverBoth() {
    process.env("QGJOB_APP_VERSION_ID", "from-env");
    assertThat(
            submitted(
                "submit",
                "--app-version-id=flag",
                "--test=tests/deep/er/cart.spec.ts",
                "--retries=0"))
        .returns("flag", RunSubmission::appVersionId)
        .returns(List.of("tests/deep/er/cart.spec.ts"), RunSubmission::tests)
        .returns(0, RunSubmission::retries);
  }

  private String refused(String file) {
    project.file(".qgjob.yml", file);
    Process.End end = process.qgjob("submit", "--app-version-id=1", "--test=tests/login.spec.js");
    assertThat(end.code()).as(end.err()).isEqualTo(2);
    assertThat(end.err()).startsWith("qgjob: ").hasLineCount(1);
    assertThat(server.heard()).isEmpty();
    return end.err();
  }

  @Test
  void aBrokenFileIsNamedWithItsLine() {
    assertThat(refused("target: device\ntest: [a\n")).contains(".qgjob.yml:").contains("not YAML");
  }

  @Test
  void whatTheFileMayNotHoldIsSaid() {
    assertThat(refused("tests: a\n")).contains("no option tests").contains("test,");
    assertThat(refused("token: abc\n")).contains("QGJOB_TOKEN").doesNotContain("abc");
    assertThat(refused("- a\n")).contains("option: value");
    assertThat(refused("name: [[a]]\n")).contains("name must have a value");
  }

  @Test
  void aProjectDoesNotChooseWhereTheTokenOfTheEnvironmentGoes() {
    project.file(".qgjob.yml", "server: " + server.url() + "\n");
    Process stranger =
        new Process(project.root())
            .env("HOME", folder.resolve("home").toString())
            .env("QGJOB_TOKEN", ScriptedServer.TOKEN);

    Process.End end = stranger.qgjob("list");

    assertThat(end.code()).isEqualTo(2);
    assertThat(end.err()).contains("QGJOB_SERVER").hasLineCount(1);
    assertThat(server.heard()).isEmpty();
  }

  @Test
  void aServerOfTheFileWorksWithTheTokenKeptForIt() {
    project.file(".qgjob.yml", "server: " + server.url() + "\n");
    Process person =
        new Process(project.root())
            .env("HOME", folder.resolve("home").toString())
            .stdin(ScriptedServer.TOKEN);
    server.on(
        "GET /me",
        new dev.qgjob.protocol.access.Identity(
            dev.qgjob.protocol.Role.SUBMITTER, "qualgent", null));
    server.on("GET /runs?limit=20", new dev.qgjob.protocol.report.RunList(List.of()));
    assertThat(person.qgjob("login", "--server=" + server.url(), "--token-file=-").code()).isZero();

    assertThat(person.qgjob("list").code()).isZero();
  }

  @Test
  void aFolderAboveCountsWithinTheRepositoryOnly() throws Exception {
    Path below = Files.createDirectories(project.root().resolve("e2e/deep"));
    assertThat(ProjectFile.near(below)).isEmpty();
    Files.createDirectory(project.root().resolve(".git"));
    assertThat(ProjectFile.near(below)).isPresent();
  }
}
