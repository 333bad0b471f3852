package dev.qgjob.worker.appwright;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.worker.run.Artefact;
import dev.qgjob.worker.run.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Specs that share a process, under real Playwright with a {@link StandIn} of AppWright: what one
 * of them does is its own matter.
 */
class GroupRunTest {
  private static final String PASSES =
      "test('sees the screen', async ({ device }) => { await device.texts(); });\n";

  /** Ends Playwright itself, and not only the process that its tests run in. */
  private static final String KILLS =
      """
      test('ends it all', async ({ device }) => {
        await device.texts();
        process.kill(process.ppid, 'SIGKILL');
        await new Promise(() => {});
      });
      """;

  private static Path playwright;
  @TempDir Path temporary;

  @BeforeAll
  static void playwright() throws Exception {
    playwright = Packages.of("@playwright/test", "1.59.1");
  }

  private StandIn project() throws IOException {
    return new StandIn(temporary.toRealPath(), "0.1.46").with(playwright);
  }

  private static void endedAlone(Outcome outcome, String said) {
    assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.INFRASTRUCTURE);
    assertThat(outcome.message()).contains(said);
    assertThat(outcome.brokeTheSlot()).as("it says nothing of the phone").isFalse();
  }

  private static void passed(Outcome outcome) {
    assertThat(outcome).as(outcome.message()).isInstanceOf(Outcome.Passed.class);
  }

  @Test
  void specsThatKillPlaywrightOneAfterTheOtherTakeNoVerdictOfTheNextAlong() throws Exception {
    try (StandIn project =
        project()
            .spec("a.spec.js", KILLS)
            .spec("b.spec.js", KILLS)
            .spec("c.spec.js", PASSES)
            .spec("d.spec.js", PASSES)) {
      StandIn.Ran ran =
          project.onPhone(
              "emulator",
              ResetPolicy.CLEAR_DATA,
              "a.spec.js",
              "b.spec.js",
              "c.spec.js",
              "d.spec.js");

      endedAlone(ran.of("a.spec.js"), "ended in the middle of tests/a.spec.js (SIGKILL)");
      endedAlone(ran.of("b.spec.js"), "ended in the middle of tests/b.spec.js (SIGKILL)");
      passed(ran.of("c.spec.js"));
      passed(ran.of("d.spec.js"));
    }
  }

  /** The first job of a worker pays for Appium's start, and no install on any slot does again. */
  @Test
  void whatTheWorkerStartsForItselfIsNoSetUp() throws Exception {
    Duration start = Duration.ofHours(1);
    try (StandIn project = project().preparedIn(start).spec("a.spec.js", PASSES)) {
      StandIn.Ran ran = project.onPhone("emulator", ResetPolicy.CLEAR_DATA, "a.spec.js");

      passed(ran.of("a.spec.js"));
      assertThat(ran.of("a.spec.js").details().setUp()).isPositive().isLessThan(start);
    }
  }

  /** The first that ends has the install of a process before it, and so that one's time. */
  @Test
  void setUpGoesOnOverAProcessThatCameToNoTest() throws Exception {
    Duration start = Duration.ofHours(1);
    String killsOnce =
        """
        const fs = require('fs');
        if (!fs.existsSync('once')) {
          fs.writeFileSync('once', '');
          process.kill(process.pid, 'SIGKILL');
        }
        """;
    try (StandIn project =
        project()
            .preparedIn(start)
            .spec("a.spec.js", killsOnce + PASSES)
            .spec("b.spec.js", PASSES)) {
      StandIn.Ran ran =
          project.onPhone("emulator", ResetPolicy.CLEAR_DATA, "a.spec.js", "b.spec.js");

      passed(ran.of("a.spec.js"));
      assertThat(ran.of("a.spec.js").details().installs()).isOne();
      assertThat(ran.of("a.spec.js").details().setUp()).isGreaterThan(start);
    }
  }

  /** Before the first test nobody knows whose doing it is: each gets a process of its own. */
  @Test
  void aSpecThatHangsWhenItIsLoadedTakesNoVerdictOfItsNeighbourAlong() throws Exception {
    RunLimits usual = RunLimits.USUAL;
    try (StandIn project =
        project()
            .within(new RunLimits(Duration.ofSeconds(20), usual.grace(), usual.session()))
            .spec("a.spec.js", PASSES)
            .spec("b.spec.js", "for (;;) {}\n")) {
      StandIn.Ran ran =
          project.onPhone("emulator", ResetPolicy.CLEAR_DATA, "a.spec.js", "b.spec.js");

      passed(ran.of("a.spec.js"));
      endedAlone(ran.of("b.spec.js"), "Playwright did not come to tests/b.spec.js within 20 s");
    }
  }

  /** Their sessions show that it is the phone's way: nothing after them is tried on it. */
  @Test
  void sessionsThatFailOneAfterTheOtherEndWhatIsLeft() throws Exception {
    String noSession =
        "test('has no session', async () => { throw new Error('[qgjob:session] none'); });\n";
    try (StandIn project =
        project()
            .spec("a.spec.js", noSession)
            .spec("b.spec.js", noSession)
            .spec("c.spec.js", PASSES)) {
      StandIn.Ran ran =
          project.onPhone(
              "emulator", ResetPolicy.CLEAR_DATA, "a.spec.js", "b.spec.js", "c.spec.js");

      assertThat(ran.of("b.spec.js").brokeTheSlot()).isTrue();
      assertThat(ran.of("c.spec.js").message())
          .startsWith("not begun: the runs before it on phone");
    }
  }

  /** The worker's own account is in the environment of tests that run there. */
  @Test
  void theKeyOfTheWorkersBrowserStackAccountIsInNothingThatIsKept() throws Exception {
    try (FakeCloud cloud = new FakeCloud();
        StandIn project =
            project()
                .spec(
                    "says.spec.js",
                    """
                    test('says it', async ({ device }) => {
                      await device.texts();
                      const key = process.env.BROWSERSTACK_ACCESS_KEY;
                      console.log('the key is ' + key);
                      for (const contentType of ['text/plain', 'application/json']) {
                        await test.info().attach('mine', { body: JSON.stringify({ key }), contentType });
                      }
                      throw new Error('it is ' + key);
                    });
                    """)) {
      StandIn.Ran ran = project.atBrowserStack(cloud.at(), "says.spec.js");

      Outcome outcome = ran.of("says.spec.js");
      assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.TEST);
      assertThat(outcome.message() + outcome.details().tests() + ran.log())
          .contains("it is ***", "the key is ***")
          .doesNotContain(StandIn.KEY);
      assertThat(ran.file("says.spec.js", "mine.txt")).isEqualTo("{\"key\":\"***\"}");
      assertThat(ran.file("says.spec.js", "mine.json")).isEqualTo("{\"key\":\"***\"}");
      for (Artefact kept : outcome.details().artefacts()) {
        assertThat(Files.readString(kept.file(), StandardCharsets.ISO_8859_1))
            .as(kept.name())
            .doesNotContain(StandIn.KEY);
      }
    }
  }

  /** The worker has one small heap for all of its slots. */
  @Test
  void whatATestSaysAtLengthIsCutBeforeTheWorkerReadsIt() throws Exception {
    try (StandIn project =
        project()
            .spec(
                "long.spec.js",
                """
                const { expect } = require('@playwright/test');
                test('goes on and on', async ({ device }) => {
                  await device.texts();
                  console.log('y'.repeat(20e6));
                  for (let i = 0; i < 30; i++) expect.soft('z'.repeat(1e5)).toBe('');
                  throw new Error('x'.repeat(20e6));
                });
                """)
            .spec("passes.spec.js", PASSES)) {
      StandIn.Ran ran =
          project.onPhone("emulator", ResetPolicy.CLEAR_DATA, "long.spec.js", "passes.spec.js");

      Outcome outcome = ran.of("long.spec.js");
      assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.TEST);
      assertThat(ran.file("long.spec.js", "report.json"))
          .contains("… cut here, it is too long")
          .hasSizeLessThan(20 * 2 * 17_000);
      assertThat(ran.file("long.spec.js", "log.txt"))
          .contains("yyyy", "… cut here, it prints too much at once")
          .hasSizeLessThan(600_000);
      passed(ran.of("passes.spec.js"));
    }
  }

  @Test
  void ofATestThatPrintsTooMuchTheLastWordsAreKept() throws Exception {
    try (StandIn project =
        project()
            .spec(
                "loud.spec.js",
                """
                test('is loud', async ({ device }) => {
                  for (let i = 0; i < 30; i++) {
                    for (let j = 0; j < 400; j++) console.log('y'.repeat(1000));
                    await device.texts();
                  }
                  console.log('the last words');
                });
                """)) {
      StandIn.Ran ran = project.onPhone("emulator", ResetPolicy.CLEAR_DATA, "loud.spec.js");

      passed(ran.of("loud.spec.js"));
      assertThat(ran.file("loud.spec.js", "log.txt"))
          .contains("… cut here, the log is too long")
          .contains("the last words")
          .hasSizeLessThan(9_000_000);
    }
  }

  /** A provider's permit is held from there on, and is given back by tidying alone. */
  @Test
  void whatWasMadeReadyIsTidiedWhereNoProcessComesOfIt() throws Exception {
    try (StandIn project =
        project()
            .onceReady(cancellation -> cancellation.cancelAll("enough"))
            .spec("a.spec.js", PASSES)) {
      StandIn.Ran ran = project.onPhone("emulator", ResetPolicy.CLEAR_DATA, "a.spec.js");

      assertThat(ran.of("a.spec.js")).isInstanceOf(Outcome.Cancelled.class);
      assertThat(project.tidied()).isOne();
    }
  }

  /** Whatever runs in Playwright's own process can write to the reporter's channel. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\\\"event\\\":\\\"crossed\\\"}",
        "{\\\"event\\\":\\\"whole\\\",\\\"files\\\":[\\\"tests/a.spec.js\\\"]}",
        "{\\\"event\\\":\\\"alone\\\",\\\"files\\\":[\\\"tests/a.spec.js\\\"]}"
      })
  void whoAsksForAnotherProcessAgainAndAgainGetsAVerdict(String event) throws Exception {
    AtomicInteger processes = new AtomicInteger();
    try (StandIn project =
        project()
            .inConfig("require('fs').writeSync(3, \"" + event + "\\n\");")
            .onceReady(
                cancellation -> {
                  if (processes.incrementAndGet() > 4) {
                    cancellation.cancelAll("it never ends");
                  }
                })
            .spec("a.spec.js", PASSES)) {
      StandIn.Ran ran = project.onPhone("emulator", ResetPolicy.CLEAR_DATA, "a.spec.js");

      endedAlone(ran.of("a.spec.js"), "Playwright ended without a result");
    }
  }

  // ---- a test that gives no sign of life ----

  /** It leaves a file when it has its session and hangs from then on. */
  private static final String NEVER_ENDS =
      """
      test('never ends', async ({ device }) => {
        await device.texts();
        require('fs').writeFileSync('hangs', '');
        for (;;) {}
      });
      """;

  /** The outcome of a spec that is taken for hung as soon as it hangs. */
  private static Outcome hung(StandIn project, Runnable meanwhile) throws Exception {
    return project
        .spec("hangs.spec.js", NEVER_ENDS)
        .onceBegun(
            (cancellation, job) -> {
              if (job.contains("hangs")) {
                await().atMost(Duration.ofMinutes(2)).until(() -> project.has("hangs"));
                meanwhile.run();
                cancellation.cancelHung(job, "no sign of life");
              }
            })
        .onPhone("emulator", ResetPolicy.CLEAR_DATA, "hangs.spec.js")
        .of("hangs.spec.js");
  }

  private static String log(Outcome outcome) throws IOException {
    for (Artefact artefact : outcome.details().artefacts()) {
      if (artefact.name().equals("log.txt")) {
        return Files.readString(artefact.file());
      }
    }
    throw new AssertionError("no log");
  }

  @Test
  void aTestThatHangsWhileThePhoneAnswersIsTheTestsFailure() throws Exception {
    try (StandIn project = project()) {
      Outcome outcome = hung(project, () -> {});

      assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.TEST);
      assertThat(outcome.message()).isEqualTo("no sign of life");
      assertThat(log(outcome)).contains("no sign of life");
      assertThat(outcome.details().tests())
          .extracting(TestResult::status)
          .containsExactly(TestStatus.TIMED_OUT);
    }
  }

  @Test
  void aTestThatHangsOnAnAppiumThatIsGoneIsTheInfrastructures() throws Exception {
    try (StandIn project = project()) {
      Outcome outcome = hung(project, project::endAppium);

      assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.INFRASTRUCTURE);
      assertThat(outcome.message()).contains("Appium does not answer: no sign of life");
      assertThat(log(outcome)).contains("Appium does not answer: no sign of life");
      assertThat(outcome.brokeTheSlot()).isTrue();
    }
  }

  @Test
  void aTestThatHangsOnAPhoneThatIsGoneIsTheTargets() throws Exception {
    try (StandIn project = project()) {
      Outcome outcome = hung(project, project::unplug);

      assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.TARGET);
    }
  }

  /** Playwright cannot end a test that blocks the process that it runs in. */
  @Test
  void aTestThatBlocksItsProcessBeyondTheTimeoutIsTheTestsFailure() throws Exception {
    RunLimits usual = RunLimits.USUAL;
    try (StandIn project =
        project()
            .within(new RunLimits(usual.begin(), Duration.ofSeconds(2), usual.session()))
            .timeout(Duration.ofSeconds(8))
            .spec("blocks.spec.js", NEVER_ENDS)
            .spec("passes.spec.js", PASSES)) {
      StandIn.Ran ran =
          project.onPhone("emulator", ResetPolicy.CLEAR_DATA, "blocks.spec.js", "passes.spec.js");

      Outcome outcome = ran.of("blocks.spec.js");
      assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.TEST);
      assertThat(outcome.message()).contains("Playwright hung in tests/blocks.spec.js");
      passed(ran.of("passes.spec.js"));
    }
  }

  /** Some tenths of a second of each run, and more where the specs import much. */
  @Test
  void whatPlaywrightCompiledIsNotCompiledAgain() throws Exception {
    try (StandIn project = project().spec("a.spec.js", PASSES)) {
      passed(project.onPhone("emulator", ResetPolicy.CLEAR_DATA, "a.spec.js").of("a.spec.js"));
      List<Path> compiled = project.compiled();
      assertThat(compiled).anyMatch(file -> file.toString().contains("aspec"));
      Map<Path, Object> first = new HashMap<>();
      for (Path file : compiled) {
        first.put(file, Files.getAttribute(file, "unix:ino"));
      }

      passed(project.onPhone("emulator", ResetPolicy.CLEAR_DATA, "a.spec.js").of("a.spec.js"));

      for (Path file : compiled) {
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(first.get(file));
      }
    }
  }

  /** A file of it may be half written. */
  @Test
  void whatAProcessCompiledThatWasEndedWhileItReadIsNotKept() throws Exception {
    RunLimits usual = RunLimits.USUAL;
    try (StandIn project =
        project()
            .within(new RunLimits(Duration.ofSeconds(4), usual.grace(), usual.session()))
            .spec("a.spec.js", "while (true);")) {
      StandIn.Ran ran = project.onPhone("emulator", ResetPolicy.CLEAR_DATA, "a.spec.js");

      assertThat(ran.of("a.spec.js").kind()).isPresent();
      assertThat(project.compiled()).isEmpty();
    }
  }
}
