package dev.qgjob.worker.appwright;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.worker.run.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The shapes that AppWright took after 0.1.1, as {@link StandIn}s under real Playwright: what the
 * registry does not serve cannot be run itself.
 */
class ShapesTest {
  private static final String SEES =
      """
      test('sees the screen', async ({ device }) => {
        await device.texts();
        await device.terminateApp('dev.example.app');
      });
      """;
  private static final String FAILS =
      """
      test('fails', async ({ device }) => {
        await device.texts();
        throw new Error('on purpose');
      });
      """;
  private static final String DIES =
      """
      test('ends its process', async ({ device }) => {
        await device.texts();
        process.exit(3);
      });
      """;
  private static final String SHARES =
      """
      test('first', async ({ persistentDevice }) => { await persistentDevice.texts(); });
      test('second', async ({ persistentDevice }) => { await persistentDevice.texts(); });
      """;

  private static final String LATE =
      """
      test.setTimeout(1000);
      test('takes too long', async ({ device }) => {
        await device.texts();
        await new Promise(() => setInterval(() => {}, 1000));
      });
      """;

  private static Path playwright;
  @TempDir Path temporary;

  @BeforeAll
  static void playwright() throws Exception {
    playwright = Packages.of("@playwright/test", "1.59.1");
  }

  private StandIn standIn(String shape) throws IOException {
    return new StandIn(temporary.toRealPath(), shape).with(playwright);
  }

  /** Playwright from 1.60 on refuses a config whose {@code use} is called as a fixture is. */
  @ParameterizedTest
  @CsvSource({"0.1.13, 1.60.0", "samsara, 1.65.1"})
  void runsWithAPlaywrightThatRefusesTheConfig(String shape, String version) throws Exception {
    try (StandIn project =
        new StandIn(temporary.toRealPath(), shape)
            .with(Packages.of("@playwright/test", version))
            .spec("sees.spec.js", SEES)
            .spec("fails.spec.js", FAILS)
            .spec("shares.spec.js", SHARES)) {
      StandIn.Ran ran =
          project.onPhone(
              "emulator",
              ResetPolicy.CLEAR_DATA,
              "sees.spec.js",
              "fails.spec.js",
              "shares.spec.js");

      assertThat(ran.of("sees.spec.js")).isInstanceOf(Outcome.Passed.class);
      assertThat(ran.of("fails.spec.js").message()).contains("on purpose");
      assertThat(ran.files("fails.spec.js")).anyMatch(name -> name.endsWith("screenshot.png"));
      assertThat(ran.of("shares.spec.js").message()).isEqualTo("2 passed");
      assertThat(project.sessions()).hasSize(3).allSatisfy(ShapesTest::keepsTheApp);
      assertThat(project.open()).isEmpty();
      assertThat(project.byItself()).isEmpty();
    }
  }

  @Test
  void stockAppWrightUnderIt() throws Exception {
    try (StandIn project =
        new StandIn(temporary.toRealPath(), "0.1.13")
            .with(Packages.of("@playwright/test", "1.65.1"))
            .spec("sees.spec.js", SEES)) {
      Outcome outcome = project.stock("emulator", "sees.spec.js").of("sees.spec.js");

      assertThat(outcome.kind()).contains(FailureKind.SUBMITTER);
      assertThat(outcome.message()).contains("pin @playwright/test to 1.59.1");
      assertThat(project.sessions()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.1.13", "0.1.16", "0.1.29", "0.1.46", "samsara"})
  void runsOnTheWorkersAppiumAndPhone(String shape) throws Exception {
    try (StandIn project =
        standIn(shape)
            .spec("sees.spec.js", SEES)
            .spec("fails.spec.js", FAILS)
            .spec("dies.spec.js", DIES)) {
      StandIn.Ran ran =
          project.onPhone(
              "emulator", ResetPolicy.CLEAR_DATA, "sees.spec.js", "fails.spec.js", "dies.spec.js");

      assertThat(project.refusal()).as("what the command line says").isEmpty();
      assertThat(ran.of("sees.spec.js")).isInstanceOf(Outcome.Passed.class);
      assertThat(ran.of("fails.spec.js")).isInstanceOf(Outcome.TestsFailed.class);
      assertThat(ran.of("fails.spec.js").message()).contains("on purpose");
      assertThat(ran.files("fails.spec.js")).anyMatch(name -> name.endsWith("screenshot.png"));
      assertThat(ran.of("dies.spec.js")).isInstanceOf(Outcome.TestsFailed.class);
      assertThat(project.sessions()).hasSize(3).allSatisfy(ShapesTest::keepsTheApp);
      assertThat(project.open()).as("also of the process that died").isEmpty();
      assertThat(project.byItself()).as("done to the host by AppWright").isEmpty();
    }
  }

  private static void keepsTheApp(JsonNode capabilities) {
    assertThat(capabilities.path("appium:udid").asText()).isEqualTo(StandIn.UDID);
    assertThat(capabilities.path("appium:systemPort").asInt()).isPositive();
    assertThat(capabilities.path("appium:appPackage").asText()).isEqualTo("dev.example.app");
    assertThat(capabilities.has("appium:fullReset")).as("an install for every test").isFalse();
    assertThat(capabilities.has("appium:noReset")).as("the project's own wish").isFalse();
    assertThat(capabilities.has("appium:app")).as("something to install").isFalse();
  }

  /** A configured udid, which the last version and the fork take, is not the worker's phone. */
  @ParameterizedTest
  @ValueSource(strings = {"0.1.13", "samsara"})
  void aDeviceIsTheWorkersAsAnEmulatorIs(String shape) throws Exception {
    try (StandIn project = standIn(shape).spec("sees.spec.js", SEES)) {
      StandIn.Ran ran = project.onPhone("device", ResetPolicy.CLEAR_DATA, "sees.spec.js");

      assertThat(ran.of("sees.spec.js")).isInstanceOf(Outcome.Passed.class);
      assertThat(project.sessions()).hasSize(1).allSatisfy(ShapesTest::keepsTheApp);
      assertThat(terminated(project)).as("not asked of macOS").isEqualTo("dev.example.app");
      assertThat(project.open()).isEmpty();
      assertThat(project.byItself()).isEmpty();
    }
  }

  private static String terminated(StandIn project) throws IOException {
    return project.requests().stream()
        .map(request -> request.path("body").path("args").path(0).path("appId").asText())
        .filter(id -> !id.isEmpty())
        .findFirst()
        .orElse("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.1.13", "0.1.16", "0.1.46", "samsara"})
  void testsOfASpecShareAPersistentDevice(String shape) throws Exception {
    try (StandIn project = standIn(shape).spec("shares.spec.js", SHARES)) {
      StandIn.Ran ran = project.onPhone("emulator", ResetPolicy.CLEAR_DATA, "shares.spec.js");

      assertThat(ran.of("shares.spec.js").message()).isEqualTo("2 passed");
      assertThat(project.sessions()).hasSize(1).allSatisfy(ShapesTest::keepsTheApp);
      assertThat(project.open()).isEmpty();
      assertThat(project.byItself()).isEmpty();
    }
  }

  @Test
  void aForkThatAsksForNoResetGetsTheJobsPolicy() throws Exception {
    try (StandIn project = standIn("samsara").spec("sees.spec.js", SEES)) {
      project.onPhone("emulator", ResetPolicy.NONE, "sees.spec.js");
      project.onPhone("emulator", ResetPolicy.FULL, "sees.spec.js");

      assertThat(project.sessions()).hasSize(2);
      assertThat(project.sessions().get(0).path("appium:noReset").asBoolean()).isTrue();
      assertThat(project.sessions().get(0).has("appium:fullReset")).isFalse();
      assertThat(project.sessions().get(1).path("appium:fullReset").asBoolean()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.1.13", "0.1.16", "0.1.29", "samsara"})
  void aCloudSessionIsNamedToldAndLinked(String shape) throws Exception {
    try (FakeCloud cloud = new FakeCloud();
        StandIn project = standIn(shape).spec("sees.spec.js", SEES).spec("late.spec.js", LATE)) {
      StandIn.Ran ran = project.atBrowserStack(cloud.at(), "sees.spec.js", "late.spec.js");

      assertThat(ran.of("sees.spec.js")).isInstanceOf(Outcome.Passed.class);
      assertThat(ran.of("late.spec.js")).isInstanceOf(Outcome.TestsFailed.class);
      assertThat(cloud.sessions())
          .hasSize(2)
          .allSatisfy(
              session -> {
                assertThat(session.path("appium:app").asText()).isEqualTo(FakeCloud.APP);
                assertThat(session.path("bstack:options").path("buildName").asText())
                    .isEqualTo("qgjob run1");
              });
      assertThat(cloud.told())
          .as("name and status of each, none that BrowserStack refuses")
          .filteredOn(told -> told.contains("status"))
          .hasSize(2)
          .anyMatch(told -> told.contains("\"passed\""))
          .anyMatch(told -> told.contains("\"failed\""));
      assertThat(cloud.told()).anyMatch(told -> told.contains("job-sees.spec.js attempt 1"));
      for (String spec : List.of("sees.spec.js", "late.spec.js")) {
        assertThat(ran.file(spec, "browserstack-session.json"))
            .contains("https://cloud.example/video");
      }
      assertThat(cloud.open()).isEmpty();
      assertThat(project.byItself()).as("uploads, and waits for videos").isEmpty();
    }
  }

  /** Another version may call or place otherwise what the adapter looks for. */
  @ParameterizedTest
  @CsvSource({
    "startAppiumServer, no dist/providers/appium.js that exports startAppiumServer",
    "createConfig, emulator has 0 classes with getDevice and createConfig",
    "./config, AppWright has no dist/config.js",
  })
  void aShapeThatIsNotKnownSaysWhatIsMissing(String what, String said) throws Exception {
    try (StandIn project = standIn("0.1.46").spec("sees.spec.js", SEES)) {
      project.rename(what, what + "New");
      StandIn.Ran ran = project.onPhone("emulator", ResetPolicy.CLEAR_DATA, "sees.spec.js");

      assertThat(ran.of("sees.spec.js").kind()).contains(FailureKind.INFRASTRUCTURE);
      assertThat(ran.of("sees.spec.js").message())
          .contains("appwright 0.1.46 has a shape that is not known", said, "--stock");
      assertThat(project.refusal()).as("what the command line says").isPresent();
      assertThat(project.sessions()).as("nothing reached the phone").isEmpty();
    }
  }

  /** Seen in the fork's sources: Playwright takes no hook from what a config imports. */
  @Test
  void anAppWrightThatPlaywrightItselfRefusesIsToldInItsWords() throws Exception {
    try (StandIn project = standIn("samsara").spec("sees.spec.js", SEES)) {
      Path fixture = project.appwright().resolve("dist/fixture/index.js");
      Files.writeString(
          fixture, Files.readString(fixture) + "exports.test.beforeEach(async () => {});\n");
      Outcome outcome =
          project.onPhone("emulator", ResetPolicy.CLEAR_DATA, "sees.spec.js").of("sees.spec.js");

      assertThat(outcome.kind()).contains(FailureKind.SUBMITTER);
      assertThat(outcome.message()).contains("did not expect test.beforeEach() to be called here");
    }
  }
}
