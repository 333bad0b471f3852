package dev.qgjob.lab.phones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.qgjob.lab.phones.PhoneRig.Batch;
import dev.qgjob.lab.phones.PhoneRig.How;
import dev.qgjob.lab.phones.PhoneRig.Job;
import dev.qgjob.lab.phones.PhoneRig.Started;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.worker.run.Artefact;
import dev.qgjob.worker.run.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Several jobs in one batch on real AppWright, Appium and adb: what one of them does is its own
 * matter. Each test leaves a phone on which the next job passes without an install.
 */
final class BatchIT {
  private static final String PASSES =
      """
      const { test, expect } = require('appwright');
      test('sees the app', async ({ device }) => {
        await expect(device.getByText('Views', { exact: true })).toBeVisible();
        console.log('this is ' + __filename);
        await test.info().attach('mine', { body: __filename, contentType: 'text/plain' });
      });
      """;

  private static PhoneRig rig;
  private Batch batch;
  private int installs;

  @BeforeAll
  static void start() throws IOException {
    rig = new PhoneRig("batches", Target.EMULATOR, Duration.ofSeconds(1));
  }

  @AfterAll
  static void stop() {
    if (rig != null) {
      rig.close();
    }
  }

  private static int installs() {
    return rig.counts().path("installs").asInt();
  }

  @BeforeEach
  void thePhoneHoldsNothing() {
    rig.uninstall();
    installs = installs();
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(installs() - installs).as("one install in all").isEqualTo(1);
    assertThat(
            batch.jobs().values().stream()
                .mapToInt(job -> job.outcome().join().details().installs())
                .sum())
        .as("told as counted at the phone")
        .isEqualTo(1);
    for (Started job : batch.jobs().values()) {
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(PhoneRig.processes(job.folder().toString())).isEmpty());
    }
    assertThat(rig.probe.ailment(rig.slot)).isEmpty();
    passed(rig.run(PASSES));
    assertThat(installs() - installs).as("the phone still holds the app").isEqualTo(1);
  }

  private static void passed(Outcome outcome) {
    assertThat(outcome).as(outcome.message()).isInstanceOf(Outcome.Passed.class);
  }

  /** It passed, and what it brought is its own. */
  private void passedAlone(String name) throws IOException {
    Outcome outcome = batch.outcome(name);
    passed(outcome);
    assertThat(outcome.details().tests())
        .extracting(TestResult::file)
        .containsExactly("tests/" + name + ".spec.js");
    assertThat(kept(outcome, "log.txt"))
        .contains("this is ")
        .contains(name + ".spec.js")
        .doesNotContain(others(name));
    assertThat(kept(outcome, "report.json"))
        .contains("\"spec\" : \"tests/" + name + ".spec.js\"")
        .doesNotContain(others(name));
    assertThat(kept(outcome, "mine.txt")).endsWith(name + ".spec.js");
  }

  private List<String> others(String name) {
    return batch.jobs().keySet().stream()
        .map(spec -> spec.replace("tests/", ""))
        .filter(spec -> !spec.equals(name + ".spec.js"))
        .toList();
  }

  private static String kept(Outcome outcome, String name) throws IOException {
    Artefact found =
        outcome.details().artefacts().stream()
            .filter(artefact -> artefact.name().endsWith(name))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no " + name + " was kept"));
    return Files.readString(found.file());
  }

  private static How within(Duration timeout) {
    return new How(rig.versions.first(), ResetPolicy.CLEAR_DATA, timeout);
  }

  private static Job job(String name, String source) {
    return new Job(name, rig.usual(), source);
  }

  /** Between two specs that pass. */
  private void around(String source) throws IOException {
    batch = rig.runAll(List.of(job("a", PASSES), job("b", source), job("c", PASSES)), Map.of());
    passedAlone("a");
    passedAlone("c");
  }

  @Test
  void aSpecThatKillsPlaywrightTakesNoVerdictOfItsNeighboursAlong() throws IOException {
    around(
        """
        const { test } = require('appwright');
        test('ends it all', async ({ device }) => {
          process.kill(process.ppid, 'SIGKILL');
          await new Promise(() => {});
        });
        """);
    Outcome outcome = batch.outcome("b");
    assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.INFRASTRUCTURE);
    assertThat(outcome.message()).contains("ended in the middle of tests/b.spec.js (SIGKILL)");
    assertThat(kept(outcome, "report.json")).contains("tests/b.spec.js");
  }

  /** One that kills Playwright and one that blocks it, and two that are fine behind them. */
  @Test
  void twoBadSpecsInARowTakeNoVerdictOfTheNextAlong() throws IOException {
    How how = within(Duration.ofSeconds(25));
    String kills =
        """
        const { test } = require('appwright');
        test('ends it all', async ({ device }) => {
          process.kill(process.ppid, 'SIGKILL');
          await new Promise(() => {});
        });
        """;
    String blocks =
        """
        const { test } = require('appwright');
        test('blocks', async ({ device }) => { for (;;) {} });
        """;
    batch =
        rig.runAll(
            List.of(
                new Job("a", how, kills),
                new Job("b", how, blocks),
                new Job("c", how, PASSES),
                new Job("d", how, PASSES)),
            Map.of());
    assertThat(batch.outcome("a").message()).contains("ended in the middle of tests/a.spec.js");
    assertThat(batch.outcome("b").message()).contains("Playwright hung in tests/b.spec.js");
    assertThat(batch.outcome("a").kind()).contains(FailureKind.INFRASTRUCTURE);
    assertThat(batch.outcome("b").kind()).contains(FailureKind.TEST);
    for (String bad : List.of("a", "b")) {
      assertThat(batch.outcome(bad).brokeTheSlot()).as("it says nothing of the phone").isFalse();
    }
    passedAlone("c");
    passedAlone("d");
  }

  @Test
  void aSpecThatEndsItsOwnProcessFailsAlone() throws IOException {
    around(
        """
        const { test } = require('appwright');
        test('leaves', async ({ device }) => { process.exit(3); });
        """);
    Outcome outcome = batch.outcome("b");
    assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.TEST);
    assertThat(kept(outcome, "report.json")).contains("tests/b.spec.js");
  }

  private static final String NEVER_ENDS =
      """
      const { test } = require('appwright');
      test('first', async () => {});
      test('second', async ({ device }) => { await new Promise(() => {}); });
      """;

  @Test
  void aSpecThatTakesLongerThanItsOwnTimeoutIsCutOffAlone() throws IOException {
    batch =
        rig.runAll(
            List.of(
                job("a", PASSES),
                new Job("b", within(Duration.ofSeconds(20)), NEVER_ENDS),
                job("c", PASSES)),
            Map.of());
    passedAlone("a");
    cutOff(batch.outcome("b"), 20);
    passedAlone("c");
  }

  @Test
  void theTimeoutThatTheJobsOfAProcessHaveIsEachOnesOwn() throws IOException {
    How how = within(Duration.ofSeconds(25));
    batch =
        rig.runAll(
            List.of(
                new Job("a", how, PASSES),
                new Job("b", how, NEVER_ENDS),
                new Job("c", how, PASSES)),
            Map.of());
    passedAlone("a");
    cutOff(batch.outcome("b"), 25);
    passedAlone("c");
  }

  private static void cutOff(Outcome outcome, int seconds) {
    assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.TEST);
    assertThat(outcome.message())
        .contains(
            "took longer than the job's timeout of " + seconds + " s: 1 of 2 tests had ended");
    assertThat(outcome.details().tests())
        .extracting(TestResult::status)
        .containsExactlyInAnyOrder(TestStatus.PASSED, TestStatus.TIMED_OUT);
  }

  @Test
  void aSpecThatIsCancelledInTheMiddleLeavesTheRest() throws IOException {
    batch =
        rig.startAll(
            List.of(
                job("a", PASSES),
                job(
                    "b",
                    """
                    const { test } = require('appwright');
                    test('waits', async ({ device }) => { await new Promise(() => {}); });
                    """),
                job("c", PASSES)),
            Map.of());
    batch.of("b").begun().join();
    batch.cancel("b", "not needed any more");
    Outcome outcome = batch.outcome("b");
    passedAlone("a");
    passedAlone("c");
    assertThat(outcome).as(outcome.message()).isInstanceOf(Outcome.Cancelled.class);
    assertThat(outcome.message()).isEqualTo("not needed any more");
    assertThat(outcome.details().tests())
        .extracting(TestResult::status)
        .containsExactly(TestStatus.INTERRUPTED);
  }

  // ---- a device that outlives its test ----

  /** The worker-scoped fixture of newer AppWrights, made of what 0.1.1 has. */
  private static final String PHONE =
      """
      const { test, expect } = require('appwright');
      const { createDeviceProvider } = require('appwright/dist/providers');
      const shared = async ({}, use, worker) => {
        const device = await createDeviceProvider(worker.project).getDevice();
        await use(device);
        await device.webdriverClient.deleteSession(); // 0.1.1 closes only within a test
      };
      exports.say = (device) => console.log('session ' + device.webdriverClient.sessionId);
      exports.test = test.extend({
        persistentDevice: [shared, { scope: 'worker' }],
        phone: async ({ persistentDevice }, use) => { await use(persistentDevice); },
        shelf: [shared, { scope: 'worker' }],
      });
      """;

  private static String twoTestsWith(String fixture) {
    return """
    const { test, say } = require('./phone');
    test('first', async ({ $ }) => { say($); });
    test('second', async ({ $ }) => { say($); });
    """
        .replace("$", fixture);
  }

  private static Set<String> sessions(Started job) {
    return job.lines().stream()
        .filter(line -> line.startsWith("session "))
        .collect(Collectors.toSet());
  }

  /** Three specs that share it, and one among them that has a device of the usual kind. */
  private void crossesNoBorder(String fixture) throws IOException {
    batch =
        rig.runAll(
            List.of(
                job("a", twoTestsWith(fixture)),
                job("b", twoTestsWith(fixture)),
                job("usual", PASSES),
                job("c", twoTestsWith(fixture))),
            Map.of("tests/phone.js", PHONE));
    for (String name : List.of("a", "b", "c")) {
      passed(batch.outcome(name));
      assertThat(batch.outcome(name).details().tests()).hasSize(2);
      assertThat(sessions(batch.of(name))).as("one for the tests of %s", name).hasSize(1);
    }
    passedAlone("usual");
    assertThat(
            batch.jobs().values().stream()
                .flatMap(job -> sessions(job).stream())
                .collect(Collectors.toSet()))
        .as("one for each spec")
        .hasSize(3);
  }

  @Test
  void aPersistentDeviceCrossesNoBorderOfAJob() throws IOException {
    crossesNoBorder("persistentDevice");
  }

  @Test
  void norDoesOneThatAHelpersFixtureHandsOn() throws IOException {
    crossesNoBorder("phone");
  }

  @Test
  void norDoesOneOfAnotherName() throws IOException {
    crossesNoBorder("shelf");
  }
}
