package dev.qgjob.lab.phones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.qgjob.lab.phones.PhoneRig.How;
import dev.qgjob.lab.phones.PhoneRig.Started;
import dev.qgjob.lab.stack.Command;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.Part;
import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.TestRef;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.worker.discovery.PhoneList;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.run.Artefact;
import dev.qgjob.worker.run.Outcome;
import dev.qgjob.worker.run.TestFilter;
import dev.qgjob.worker.workspace.Digests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What goes wrong on a shelf of phones, on real AppWright, Appium and adb: each ends in a verdict
 * with the right failure kind, and the next job on the same phone passes.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class HardCasesIT {
  private static final Duration INSTALL = Duration.ofSeconds(2);
  private static final String PASSES =
      """
      const { test, expect } = require('appwright');
      test('one', async ({ device }) => {
        await expect(device.getByText('Accessibility', { exact: true })).toBeVisible();
      });
      test('two', async ({ device }) => {
        await expect(device.getByText('Views', { exact: true })).toBeVisible();
      });
      """;

  /** One test is enough to see that the phone is usable. */
  private static final String ONE =
      """
      const { test, expect } = require('appwright');
      test('one', async ({ device }) => {
        await expect(device.getByText('Views', { exact: true })).toBeVisible();
      });
      """;

  private static PhoneRig rig;

  @TempDir private Path temp;

  @BeforeAll
  static void start() throws IOException {
    rig = new PhoneRig("hard-cases", Target.EMULATOR, INSTALL);
  }

  @AfterAll
  static void stop() {
    if (rig != null) {
      rig.close();
    }
  }

  private static void passes(Outcome outcome) {
    assertThat(outcome).as(outcome.message()).isInstanceOf(Outcome.Passed.class);
  }

  private static int count(String what) {
    return rig.counts().path(what).asInt();
  }

  private static void adb(String... arguments) {
    Command.run(
            Path.of("").toAbsolutePath(),
            rig.adb.environment(),
            Stream.concat(Stream.of("adb", "-s", rig.serial()), Stream.of(arguments)).toList(),
            60)
        .expectSuccess();
  }

  private static How with(ResetPolicy reset) {
    return new How(rig.versions.first(), reset, Duration.ofMinutes(6));
  }

  @Test
  @Order(1)
  void clearDataInstallsOnceAndClearsBeforeEachTest() throws IOException {
    int installs = count("installs");
    int clears = count("clears");
    Outcome outcome = rig.run(PASSES);
    passes(outcome);
    assertThat(outcome.details().installs()).isEqualTo(1);
    assertThat(count("installs") - installs).isEqualTo(1);
    assertThat(count("clears") - clears).isGreaterThanOrEqualTo(2);
    passes(rig.run(PASSES));
    assertThat(count("installs") - installs).isEqualTo(1);
  }

  @Test
  @Order(2)
  void noneKeepsTheAppAndItsData() throws IOException {
    int installs = count("installs");
    int clears = count("clears");
    passes(rig.run(with(ResetPolicy.NONE), PASSES));
    assertThat(count("installs")).isEqualTo(installs);
    assertThat(count("clears")).isEqualTo(clears);
  }

  @Test
  @Order(3)
  void fullInstallsForEveryTestAndLeavesNothing() throws IOException {
    int installs = count("installs");
    Outcome outcome = rig.run(with(ResetPolicy.FULL), PASSES);
    passes(outcome);
    assertThat(count("installs") - installs).isEqualTo(2);
    assertThat(outcome.details().installs()).isEqualTo(2);
    // what the worker believes of the phone is what the phone holds: the next job installs
    passes(rig.run(ONE));
    assertThat(count("installs") - installs).isEqualTo(3);
  }

  @Test
  @Order(4)
  void whatOthersDoToThePhoneIsNoticed() throws Exception {
    installed(rig.versions.first());
    int installs = count("installs");
    adb("uninstall", PhoneRig.APP);
    passes(rig.run(ONE));
    assertThat(count("installs") - installs).as("after a manual uninstall").isEqualTo(1);
    rig.farm.tell(rig.serial(), "reboot");
    passes(rig.run(ONE));
    assertThat(count("installs") - installs).as("after a reboot").isEqualTo(1);
    adb("install", "-r", "-d", rig.versions.second().toString());
    passes(rig.run(ONE));
    assertThat(count("installs") - installs).as("after another tool's install").isEqualTo(3);
  }

  @Test
  @Order(5)
  void anAppSignedByAnotherKeyReplacesTheOldOne() throws Exception {
    installed(rig.versions.first());
    Path other = rig.example("node_modules/android-apidemos/apks/ApiDemos-debug.apk");
    int uninstalls = count("uninstalls");
    passes(rig.run(new How(other, ResetPolicy.CLEAR_DATA, Duration.ofMinutes(6)), ONE));
    assertThat(count("uninstalls") - uninstalls).isEqualTo(1);
    installed(other);
  }

  private static void installed(Path app) throws Exception {
    assertThat(
            rig.installer.holds(
                rig.slot, new App(Digests.sha256(app), app.getFileName().toString(), PhoneRig.APP)))
        .isTrue();
  }

  @Test
  @Order(6)
  void anAppForAnotherProcessorIsTheAppsFault() throws IOException {
    Path apk = resigned("lib/mips/libapp.so");
    Outcome outcome = rig.run(new How(apk, ResetPolicy.CLEAR_DATA, Duration.ofSeconds(60)), ONE);
    assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.APP);
    assertThat(outcome.message()).contains("INSTALL_FAILED_NO_MATCHING_ABIS");
    passes(rig.run(ONE));
  }

  /** The example's app with one entry more, signed with the key of its builds. */
  private Path resigned(String entry) throws IOException {
    return Apks.with(rig.versions.first(), entry, "code".getBytes(StandardCharsets.UTF_8), temp);
  }

  @Test
  @Order(6)
  void anAppForANewerAndroidIsTheAppsFault() throws IOException {
    Path apk = Apks.declaring(rig.versions.first(), Map.of(Apks.MIN_SDK, 99), temp);
    Outcome outcome = rig.run(with(apk), ONE);
    assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.APP);
    assertThat(outcome.message()).contains("INSTALL_FAILED_OLDER_SDK");
    passes(rig.run(ONE));
  }

  @Test
  @Order(6)
  void anAppWithAPasswordIsTheAppsFault() throws IOException {
    Outcome outcome = rig.run(with(Apks.encrypted(rig.versions.first(), temp)), ONE);
    assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.APP);
    assertThat(outcome.message()).contains("INSTALL_PARSE_FAILED_NOT_APK");
    passes(rig.run(ONE));
  }

  @Test
  @Order(6)
  void anOlderVersionThatThePhoneRefusesReplacesTheNewerOne() throws Exception {
    Path newer =
        Apks.declaring(
            rig.versions.first(), Map.of(Apks.VERSION_CODE, 9999, Apks.DEBUGGABLE, 0), temp);
    passes(rig.run(with(newer), ONE));
    installed(newer);
    int uninstalls = count("uninstalls");
    Outcome outcome = rig.run(ONE);
    passes(outcome);
    assertThat(count("uninstalls") - uninstalls).isEqualTo(1);
    assertThat(outcome.details().installs()).isEqualTo(1);
    installed(rig.versions.first());
  }

  private static How with(Path app) {
    return new How(app, ResetPolicy.CLEAR_DATA, Duration.ofMinutes(6));
  }

  @Test
  @Order(7)
  void aFullPhoneIsTheTargetsFault() throws IOException {
    adb("uninstall", PhoneRig.APP);
    rig.farm.tell(rig.serial(), "condition?free-mib=1");
    assertThat(rig.probe.ailment(rig.slot))
        .hasValueSatisfying(why -> assertThat(why).contains("storage is full"));
    Outcome outcome = rig.run(ONE);
    assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.TARGET);
    rig.farm.tell(rig.serial(), "condition?free-mib=40000");
    assertThat(rig.probe.ailment(rig.slot)).isEmpty();
    passes(rig.run(ONE));
  }

  @Test
  @Order(8)
  void aDarkScreenALockWithoutSecretAndADialogAreMended() {
    rig.farm.tell(
        rig.serial(),
        "condition?awake=false&locked=true&dialog=Application%20Error%3A%20com.android.chrome");
    assertThat(rig.probe.ailment(rig.slot)).isEmpty();
    rig.farm.tell(rig.serial(), "condition?locked=true&secret=1234");
    assertThat(rig.probe.ailment(rig.slot))
        .hasValueSatisfying(why -> assertThat(why).contains("locked"));
    rig.farm.tell(rig.serial(), "condition?locked=false&secret=");
    rig.farm.tell(rig.serial(), "condition?booted=false");
    assertThat(rig.probe.ailment(rig.slot)).contains("it is still starting");
    rig.farm.tell(rig.serial(), "condition?booted=true&battery=3&powered=false");
    assertThat(rig.probe.ailment(rig.slot))
        .hasValueSatisfying(why -> assertThat(why).contains("3 %"));
    rig.farm.tell(rig.serial(), "condition?battery=100&powered=true");
    assertThat(rig.probe.ailment(rig.slot)).isEmpty();
  }

  @Test
  @Order(9)
  void aSpecThatNeverEndsEndsAtItsTimeout() throws IOException {
    Outcome outcome =
        rig.run(
            new How(rig.versions.first(), ResetPolicy.CLEAR_DATA, Duration.ofSeconds(8)),
            """
            const { test } = require('appwright');
            test('never ends', async ({ device }) => { await new Promise(() => {}); });
            """);
    assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.TEST);
    assertThat(outcome.details().run()).isLessThan(Duration.ofSeconds(60));
    passes(rig.run(ONE));
  }

  @Test
  @Order(10)
  void aSpecThatBlocksItsProcessIsKilled() throws IOException {
    Started started =
        rig.start(
            new How(rig.versions.first(), ResetPolicy.CLEAR_DATA, Duration.ofSeconds(8)),
            """
            const { test } = require('appwright');
            test('blocks', async ({ device }) => { for (;;) {} });
            """);
    Outcome outcome = started.outcome().join();
    assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.TEST);
    noProcessOf(started);
    passes(rig.run(ONE));
  }

  private static void noProcessOf(Started started) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(PhoneRig.processes(started.folder().toString())).isEmpty());
  }

  @Test
  @Order(11)
  void processesThatASpecLeavesAreEnded() throws IOException {
    String mark = "86399." + System.nanoTime() % 100_000;
    Started started =
        rig.start(
            rig.usual(),
            """
            const { test, expect } = require('appwright');
            const { spawn } = require('node:child_process');
            test('forks', async ({ device }) => {
              await expect(device.getByText('Views', { exact: true })).toBeVisible();
              spawn('sleep', ['%s'], { stdio: 'ignore' }).unref();
              spawn('sh', ['-c', 'sleep %s & sleep %s'], { stdio: 'inherit' }).unref();
              await new Promise((done) => setTimeout(done, 500));
            });
            """
                .formatted(mark, mark, mark));
    passes(started.outcome().join());
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(PhoneRig.processes("sleep " + mark)).isEmpty());
    passes(rig.run(ONE));
  }

  @Test
  @Order(12)
  void aSpecThatPrintsWithoutEndFillsNothing() throws IOException {
    Started started =
        rig.start(
            rig.usual(),
            """
            const { test, expect } = require('appwright');
            test('talks', async ({ device }) => {
              await expect(device.getByText('Views', { exact: true })).toBeVisible();
              const line = 'x'.repeat(10000);
              for (let i = 0; i < 1000; i++) {
                for (let j = 0; j < 100; j++) console.log(line);
                await new Promise((done) => setImmediate(done));
              }
            });
            """);
    Outcome outcome = started.outcome().join();
    passes(outcome);
    assertThat(outcome.details().run())
        .as("a gigabyte was printed")
        .isLessThan(Duration.ofMinutes(5));
    assertThat(bytes(started.folder())).as("a gigabyte was printed").isLessThan(30L << 20);
    passes(rig.run(ONE));
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Test
  @Order(13)
  void whatASpecWritesIntoItsHomeOrItsProjectIsGoneForTheNextOne() throws IOException {
    String leaves =
        """
        const { test, expect } = require('appwright');
        const fs = require('node:fs'), os = require('node:os'), path = require('node:path');
        const places = [path.join(os.homedir(), 'left'), path.join(os.tmpdir(), 'left-by-a-spec'),
          path.join(process.cwd(), 'left')];
        test('finds nothing and leaves something', async ({ device }) => {
          await expect(device.getByText('Views', { exact: true })).toBeVisible();
          for (const place of places) {
            expect(fs.existsSync(place), place).toBe(false);
            fs.writeFileSync(place, 'left');
          }
        });
        """;
    passes(rig.run(leaves));
    passes(rig.run(leaves));
  }

  @Test
  @Order(13)
  void aSpecThatWritesIntoTheWorkersCacheHarmsNoJobAfterIt() throws Exception {
    String spec = "tests/it.spec.js";
    Path bundle =
        rig.bundle(
            spec,
            """
            const { test, expect } = require('appwright');
            const fs = require('node:fs'), path = require('node:path');
            const { appPath } = JSON.parse(process.env.QGJOB_ADAPTER_SETTINGS);
            const bundles = path.join(path.dirname(appPath), '../../bundles');
            test('writes where it should not', async ({ device }) => {
              await expect(device.getByText('Views', { exact: true })).toBeVisible();
              const files = [appPath, ...fs.readdirSync(bundles)
                .map((bundle) => path.join(bundles, bundle, 'tree/tests/it.spec.js'))
                .filter((file) => fs.existsSync(file))];
              expect(files.length).toBeGreaterThan(1);
              for (const file of files) {
                fs.chmodSync(file, 0o644);
                fs.writeFileSync(file, 'spoilt');
              }
            });
            """,
            Map.of());
    passes(rig.startBundle(rig.usual(), bundle, spec).outcome().join());
    adb("uninstall", PhoneRig.APP);
    passes(rig.startBundle(rig.usual(), bundle, spec).outcome().join());
    passes(rig.run(ONE));
    installed(rig.versions.first());
  }

  @Test
  @Order(14)
  void aPhoneUnpluggedInTheMiddleOfAnInstallIsTheTargetsFault() throws Exception {
    adb("uninstall", PhoneRig.APP);
    Started started = rig.start(rig.usual(), ONE);
    await()
        .atMost(Duration.ofMinutes(6))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> !PhoneRig.processes(rig.serial() + " install ").isEmpty());
    rig.farm.tell(rig.serial(), "vanish");
    Outcome outcome = started.outcome().join();
    assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.TARGET);
    comesBack();
    passes(rig.run(ONE));
    installed(rig.versions.first());
  }

  @Test
  @Order(14)
  void aProjectsTestsRunWithTheNodeThatItAsksFor() throws IOException {
    String spec = "tests/it.spec.js";
    String says =
        """
        const { test, expect } = require('appwright');
        test('says its version', async ({ device }) => {
          await expect(device.getByText('Accessibility')).toBeVisible();
          expect(process.version).toBe('v18.20.8');
          const child = require('child_process').execFileSync('node', ['--version']);
          expect(child.toString().trim()).toBe('v18.20.8');
        });
        """;
    passes(
        rig.startBundle(rig.usual(), rig.bundle(spec, says, Map.of(".nvmrc", "v18.20.8\n")), spec)
            .outcome()
            .join());
  }

  private static void comesBack() {
    rig.farm.tell(rig.serial(), "return");
    reconnect();
  }

  private static void reconnect() {
    rig.adb.connect(rig.serial());
    rig.adb.awaitDevice(rig.serial());
  }

  private static final String SLOW =
      """
      const { test, expect } = require('appwright');
      test('takes its time', async ({ device }) => {
        const end = Date.now() + 30000;
        do {
          await expect(device.getByText('Accessibility')).toBeVisible();
          await new Promise((resolve) => setTimeout(resolve, 200));
        } while (Date.now() < end);
      });
      """;

  @Test
  @Order(15)
  void anAdbServerThatIsKilledTakesThePhoneAlong() throws IOException {
    Started started = rig.start(rig.usual(), SLOW);
    started.begun().join();
    Command.run(
        Path.of("").toAbsolutePath(), rig.adb.environment(), List.of("adb", "kill-server"), 30);
    Outcome outcome = started.outcome().join();
    assertThat(outcome).as(outcome.message()).isInstanceOf(Outcome.TargetLost.class);
    assertThat(outcome.message()).contains("phone " + rig.serial() + " went away while");
    noProcessOf(started);
    // Appium may have started one that would end with it; a worker's own discovery starts its own
    Command.run(
        Path.of("").toAbsolutePath(), rig.adb.environment(), List.of("adb", "kill-server"), 30);
    reconnect();
    passes(rig.run(ONE));
  }

  @Test
  @Order(16)
  void anAppiumThatIsKilledIsTheInfrastructuresFault() throws IOException {
    Started started = rig.start(rig.usual(), SLOW);
    started.begun().join();
    List<Long> appium =
        ProcessHandle.current()
            .descendants()
            .filter(p -> p.info().commandLine().orElse("").contains("appium/index.js"))
            .map(ProcessHandle::pid)
            .toList();
    assertThat(appium).isNotEmpty();
    appium.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    Outcome outcome = started.outcome().join();
    assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.INFRASTRUCTURE);
    passes(rig.run(ONE));
  }

  @Test
  @Order(17)
  void aBundleThatIsNoneIsTheSubmittersFault() throws IOException {
    Path broken = temp.resolve("broken.tar.gz");
    Files.write(broken, new byte[] {0x1f, (byte) 0x8b, 8, 0, 1, 2, 3});
    Outcome outcome = rig.startBundle(rig.usual(), broken, "tests/it.spec.js").outcome().join();
    assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.SUBMITTER);
    Path locked = temp.resolve("locked.tar.gz");
    // what a zip with a password begins with
    Files.write(locked, new byte[] {'P', 'K', 3, 4, 20, 0, 9, 0, 8, 0, 0, 0, 0, 0});
    outcome = rig.startBundle(rig.usual(), locked, "tests/it.spec.js").outcome().join();
    assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.SUBMITTER);
  }

  @Test
  @Order(18)
  void splitAppsAndOtherBinariesAreRefusedWithAWayOut() throws IOException {
    for (String name : List.of("app.apks", "app.aab", "app.xapk", "app.ipa")) {
      Path app = Files.writeString(temp.resolve(name), "PK");
      Outcome outcome = rig.run(new How(app, ResetPolicy.CLEAR_DATA, Duration.ofSeconds(30)), ONE);
      assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.SUBMITTER);
      assertThat(outcome.message()).contains(name);
    }
  }

  @Test
  @Order(19)
  void preparingUnlocksWithTheSecretAndMayBeRepeated() {
    rig.farm.tell(rig.serial(), "condition?awake=false&locked=true&secret=1234");
    assertThat(rig.preparation("9999").prepare(rig.serial()))
        .hasValueSatisfying(why -> assertThat(why).contains("locked"));
    assertThat(rig.preparation("1234").prepare(rig.serial())).isEmpty();
    assertThat(rig.preparation("1234").prepare(rig.serial())).isEmpty();
    rig.farm.tell(rig.serial(), "condition?secret=");
  }

  @Test
  @Order(20)
  void aPhoneOnTheNetworkIsThereAgainAfterAReconnect() throws IOException {
    rig.adbServer.reconnect(rig.serial());
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> PhoneList.ready(rig.adbServer).contains(rig.serial()));
    assertThat(rig.probe.ailment(rig.slot)).isEmpty();
  }

  /** Another test is there to be seen: it fails if it is executed. */
  private static final String TAGGED =
      """
      const { test, expect } = require('appwright');
      test('is fine', { tag: '@smoke' }, async ({ device }) => {
        await expect(device.getByText('Views', { exact: true })).toBeVisible();
      });
      test('is broken', { tag: '@slow' }, async ({ device }) => { expect(1).toBe(2); });
      """;

  private static How only(String grep, String grepInvert) {
    return new How(
        rig.versions.first(),
        ResetPolicy.CLEAR_DATA,
        new TestFilter(grep, grepInvert),
        Duration.ofMinutes(6),
        Map.of(),
        List.of(),
        null);
  }

  @Test
  @Order(20)
  void onlyTheTestsThatAreAskedForAreExecuted() throws IOException {
    Outcome outcome = rig.run(only("@smoke|@slow", "-?broken"), TAGGED);
    passes(outcome);
    assertThat(outcome.details().tests())
        .extracting(TestResult::titlePath)
        .containsExactly(List.of("is fine"));
  }

  @Test
  @Order(20)
  void aSpecWithoutATestThatIsAskedForIsSkipped() throws IOException {
    assertThat(rig.run(only("@nightly", null), TAGGED))
        .isInstanceOf(Outcome.Skipped.class)
        .extracting(Outcome::message)
        .isEqualTo("no test of tests/it.spec.js matches --grep=@nightly");
  }

  /** A job that is about this test of a spec. */
  private static How again(String title, int line) {
    return new How(
        rig.versions.first(),
        ResetPolicy.CLEAR_DATA,
        TestFilter.ALL,
        Duration.ofMinutes(6),
        Map.of(),
        List.of(new TestRef(List.of(title), line, 1)),
        null);
  }

  private static List<String> titles(Outcome outcome) {
    return outcome.details().tests().stream()
        .map(test -> String.join(" > ", test.titlePath()))
        .toList();
  }

  private static final String TWO =
      """
      const { test, expect } = require('appwright');
      test('one', async ({ device }) => { expect(1).toBe(1); });
      test('two', async ({ device }) => { expect(1).toBe(1); });
      """;

  @Test
  @Order(20)
  void aRetryExecutesTheTestThatFailedAlone() throws IOException {
    Outcome outcome = rig.run(again("one", 2), TWO);
    passes(outcome);
    assertThat(titles(outcome)).containsExactly("one");
  }

  @Test
  @Order(20)
  void testsThatDependOnEachOtherAreRetriedTogether() throws IOException {
    Outcome serial =
        rig.run(again("two", 3), TWO + "test.describe.configure({ mode: 'serial' });\n");
    passes(serial);
    assertThat(titles(serial)).containsExactly("one", "two");
    Outcome shared = rig.run(again("two", 3), TWO + "// persistentDevice\n");
    assertThat(titles(shared)).containsExactly("one", "two");
  }

  @Test
  @Order(20)
  void aTestThatIsNotWhereItWasIsRetriedWithItsSpec() throws IOException {
    Outcome outcome = rig.run(again("gone", 2), TWO);
    passes(outcome);
    assertThat(titles(outcome)).containsExactly("one", "two");
  }

  /** A job that is about a part of a spec. */
  private static How part(int number, int of) {
    return new How(
        rig.versions.first(),
        ResetPolicy.CLEAR_DATA,
        TestFilter.ALL,
        Duration.ofMinutes(6),
        Map.of(),
        List.of(),
        new Part(number, of));
  }

  @Test
  @Order(20)
  void thePartsOfASpecAreAllOfItsTestsOnceAndSerialOnesStayTogether() throws IOException {
    String serial =
        TWO
            + """
            test.describe('in turn', () => {
              test.describe.configure({ mode: 'serial' });
              test('first', async ({ device }) => { expect(1).toBe(1); });
              test('second', async ({ device }) => { expect(1).toBe(1); });
            });
            """;
    Outcome first = rig.run(part(1, 2), serial);
    Outcome second = rig.run(part(2, 2), serial);
    passes(first);
    passes(second);
    List<String> all = new ArrayList<>(titles(first));
    all.addAll(titles(second));
    assertThat(all).containsExactlyInAnyOrder("one", "two", "in turn > first", "in turn > second");
    assertThat(List.of(titles(first), titles(second)))
        .anySatisfy(
            tests -> assertThat(tests).containsSubsequence("in turn > first", "in turn > second"));
  }

  @Test
  @Order(20)
  void aPartForWhichNoTestIsLeftAndOneWhoseTestsShareADeviceAreSkipped() throws IOException {
    Outcome empty = rig.run(part(3, 3), TWO);
    assertThat(empty).as(empty.message()).isInstanceOf(Outcome.Skipped.class);
    assertThat(empty.message()).isEqualTo("no test of the spec is left for part 3 of 3");
    Outcome second = rig.run(part(2, 2), TWO + "// persistentDevice\n");
    assertThat(second).as(second.message()).isInstanceOf(Outcome.Skipped.class);
    assertThat(second.message()).contains("share a device, and part 1 of 2 runs them all");
    Outcome first = rig.run(part(1, 2), TWO + "// persistentDevice\n");
    passes(first);
    assertThat(titles(first)).containsExactly("one", "two");
  }

  @Test
  @Order(20)
  void aPartOfASpecThatDoesNotLoadOrHasNoTestsIsAnErrorAndNotSkipped() throws IOException {
    for (Part part : List.of(new Part(1, 2), new Part(2, 2))) {
      Outcome broken = rig.run(part(part.number(), part.of()), "import './missing.js';\n" + TWO);
      assertThat(broken).as(broken.message()).isInstanceOf(Outcome.SubmitterError.class);
      assertThat(broken.message()).contains("missing.js");
    }
    Outcome none = rig.run(part(1, 2), "const { test } = require('appwright');\n");
    assertThat(none).as(none.message()).isInstanceOf(Outcome.SubmitterError.class);
    assertThat(none.message()).contains("no tests found");
  }

  @Test
  @Order(20)
  void aPartWhoseTestsAreAllToBeSkippedIsSkipped() throws IOException {
    Outcome skipped =
        rig.run(
            part(2, 2),
            "const { test, expect } = require('appwright');\n"
                + "test('one', async ({ device }) => { expect(1).toBe(1); });\n"
                + "test.skip('two', async ({ device }) => { expect(1).toBe(1); });\n");
    assertThat(skipped).as(skipped.message()).isInstanceOf(Outcome.Skipped.class);
    assertThat(skipped.message()).isEqualTo("all tests of part 2 of 2 are skipped");
  }

  @Test
  @Order(20)
  void aSecretReachesTheTestAndNothingThatIsKept() throws IOException {
    Started started =
        rig.start(
            new How(
                rig.versions.first(),
                ResetPolicy.CLEAR_DATA,
                TestFilter.ALL,
                Duration.ofMinutes(6),
                Map.of("PIN_OF_THE_TEST", "vault-\"47\\11"),
                List.of(),
                null),
            """
            const { test, expect } = require('appwright');
            test('says it', async ({ device }) => {
              const pin = process.env.PIN_OF_THE_TEST;
              console.log('the pin is', pin, { pin });
              const file = test.info().outputPath('own.csv');
              require('node:fs').writeFileSync(file, 'pin,' + pin);
              await test.info().attach('own', { path: file });
              await test.info().attach('note', { body: 'pin ' + pin });
              await test.info().attach('data', { body: JSON.stringify({ pin }), contentType: 'application/json' });
              expect(pin + '!').toBe(pin);
            });
            """);
    Outcome outcome = started.outcome().join();
    assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.TEST);
    assertThat(outcome.message() + outcome.details().tests() + started.lines())
        .contains("***!")
        .contains("the pin is ***")
        .doesNotContain("vault-");
    Map<String, String> kept = new HashMap<>();
    for (Artefact artefact : outcome.details().artefacts()) {
      String text = Files.readString(artefact.file(), StandardCharsets.ISO_8859_1);
      assertThat(text).as(artefact.name()).doesNotContain("vault-");
      kept.put(artefact.name().replaceFirst("^attachments-\\d+-", ""), text);
    }
    assertThat(kept.get("log.txt")).contains("the pin is ***");
    assertThat(kept.get("report.json")).contains("***!");
    assertThat(kept)
        .containsEntry("own", "pin,***")
        .containsEntry("note.txt", "pin ***")
        .containsEntry("data.json", "{\"pin\":\"***\"}");
  }

  @Test
  @Order(20)
  void anExpressionThatCannotBeReadIsTheSubmittersError() throws IOException {
    Outcome outcome = rig.run(only("(", null), TAGGED);
    assertThat(outcome.kind()).contains(FailureKind.SUBMITTER);
    assertThat(outcome.message())
        .contains("--grep=( cannot be read")
        .contains("regular expression");
  }

  @Test
  @Order(21)
  void aForeignWindowInFrontIsTheTargetsFault() throws IOException {
    String red =
        """
        const { test, expect } = require('appwright');
        test('does not find it', async ({ device }) => { expect(1).toBe(2); });
        """;
    rig.farm.tell(
        rig.serial(), "condition?dialog=Application%20Not%20Responding%3A%20com.android.systemui");
    Outcome outcome = rig.run(red);
    assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.TARGET);
    assertThat(outcome.message()).contains("com.android.systemui");
    Artefact picture =
        outcome.details().artefacts().stream()
            .filter(artefact -> artefact.name().equals("in-front.png"))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no picture was kept"));
    assertThat(ImageIO.read(picture.file().toFile()).getWidth()).isEqualTo(1080);
    assertThat(outcome.details().artefacts())
        .as("the phone's own log of what did not pass")
        .anySatisfy(
            artefact -> {
              assertThat(artefact.name()).isEqualTo("logcat.txt");
              assertThat(artefact.file()).content().contains("beginning of main");
            });
    rig.farm.tell(rig.serial(), "condition?dialog=");
    outcome = rig.run(red);
    assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.TEST);
  }
}
