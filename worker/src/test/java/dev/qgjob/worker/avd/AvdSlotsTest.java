package dev.qgjob.worker.avd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.qgjob.protocol.Target;
import dev.qgjob.worker.Script;
import dev.qgjob.worker.discovery.AdbServer;
import dev.qgjob.worker.discovery.AdbSlots;
import dev.qgjob.worker.discovery.AdbTool;
import dev.qgjob.worker.discovery.FakeAdb;
import dev.qgjob.worker.discovery.Found;
import dev.qgjob.worker.discovery.Wanted;
import dev.qgjob.worker.process.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real children that stand in for emulators; adb tells what the test has it tell. */
@Timeout(120)
class AvdSlotsTest {
  private static final Pace PACE =
      new Pace(
          Duration.ofSeconds(60),
          Duration.ofMillis(100),
          Duration.ofSeconds(2),
          Duration.ofMinutes(1),
          Duration.ofSeconds(5));

  /** Out of the way of real emulators. */
  private static final int PORT = 5640;

  @TempDir private Path folder;
  private FakeAdb adb;
  private AvdSlots slots;
  private Map<String, String> environment;
  private volatile List<Found> told = List.of();

  @BeforeEach
  void start() throws IOException {
    adb = new FakeAdb();
    environment =
        Map.of(
            "PATH",
            System.getenv("PATH"),
            "HOME",
            folder.toString(),
            "ANDROID_HOME",
            folder.resolve("sdk").toString(),
            "BROWSERSTACK_ACCESS_KEY",
            "hush");
    Script.write(
        folder.resolve("sdk/emulator/emulator"),
        """
        cd "%s" || exit 1
        if test "$1" = -list-avds; then
          echo "INFO    | Storing crashdata in: /tmp/android/emu-crash.db"
          echo pixel_7
          echo tablet
          exit 0
        fi
        echo "$*" >> started
        env > environment
        if test -e dies; then
          echo "INFO    | Android emulator version 35.3.11.0"
          echo "ERROR   | x86_64 emulation currently requires hardware acceleration!"
          echo "INFO    | bye"
          exit 1
        fi
        sleep 600 &
        echo $$ $! > "pids-$2.part"
        mv "pids-$2.part" "pids-$2"
        wait
        """
            .formatted(folder));
    // the console's kill, as the emulator obeys it
    Script.write(
        folder.resolve("sdk/platform-tools/adb"),
        """
        cd "%s" || exit 1
        echo "$3 $4 $5 $6" >> adb
        test -e deaf || kill -9 $(cat pids-*)
        """
            .formatted(folder));
  }

  @AfterEach
  void stop() throws IOException {
    if (slots != null) {
      slots.close();
    }
    adb.close();
  }

  private void follow(Pace pace, Wanted wanted, String... names) throws IOException {
    slots =
        new AvdSlots(
            List.of(names),
            Emulator.find(environment),
            AdbTool.find(environment, adb.port()).orElseThrow(),
            new Children("node", folder.resolve("state")),
            folder.resolve("state/avd"),
            PORT,
            pace,
            own ->
                new AdbSlots(
                    new AdbServer(adb.port(), Duration.ofSeconds(5)),
                    Optional.empty(),
                    new Wanted(wanted.targets(), wanted.listed(), own),
                    Duration.ofMillis(20),
                    folder.resolve("locks")));
    slots.start(found -> told = found);
  }

  private static Wanted all() {
    return new Wanted(Set.of(Target.EMULATOR, Target.DEVICE), List.of());
  }

  private void eventually(org.awaitility.core.ThrowingRunnable assertion) {
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(Duration.ofSeconds(40))
        .untilAsserted(assertion);
  }

  /** The emulator's shell and what it started, once they run. */
  private List<Long> pids(String name) throws IOException {
    Path file = folder.resolve("pids-" + name);
    eventually(() -> assertThat(file).exists());
    List<Long> pids =
        List.of(Files.readString(file).strip().split(" ")).stream().map(Long::valueOf).toList();
    Files.delete(file);
    Files.writeString(folder.resolve("pids-" + name + ".seen"), pids.get(0) + " " + pids.get(1));
    return pids;
  }

  private static boolean alive(long pid) {
    try {
      return !Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
    } catch (IOException e) {
      return false;
    }
  }

  private Found only() {
    assertThat(told).hasSize(1);
    return told.get(0);
  }

  private String reason() {
    return only().capabilities().getOrDefault(Found.UNAVAILABLE, "");
  }

  private String serial() {
    return only().udid();
  }

  /** adb finds the phone, which takes a while to come up. */
  private void comesUp(String serial) throws IOException {
    adb.phone(serial, Map.of("ro.product.model", "sdk_gphone64", "sys.boot_completed", ""));
    adb.tell(serial + "\tdevice\n");
    adb.phone(serial, Map.of("ro.product.model", "sdk_gphone64", "ro.kernel.qemu", "1"));
  }

  @Test
  void itIsStartedShownWhileItStartsOfferedWhenItIsUpAndEndedWithTheWorker() throws Exception {
    follow(PACE, all(), "pixel_7");
    List<Long> pids = pids("pixel_7");
    eventually(() -> assertThat(reason()).isEqualTo("AVD pixel_7: it is still starting"));
    String serial = serial();
    assertThat(serial).isEqualTo("emulator-" + port());
    adb.tell(serial + "\toffline\n");
    eventually(() -> assertThat(reason()).isEqualTo("AVD pixel_7: it is still starting"));

    comesUp(serial);

    eventually(() -> assertThat(only().withheld()).isFalse());
    assertThat(only().target()).isEqualTo(Target.EMULATOR);
    assertThat(only().capabilities())
        .containsEntry("avd", "pixel_7")
        .containsEntry("model", "sdk_gphone64");
    assertThat(pids).allMatch(AvdSlotsTest::alive);

    slots.close();

    assertThat(pids).noneMatch(AvdSlotsTest::alive);
    assertThat(folder.resolve("adb")).hasContent("-s " + serial + " emu kill");
    assertThat(folder.resolve("started"))
        .hasContent(
            "-avd pixel_7 -port "
                + port()
                + " -no-window -no-audio -no-boot-anim -no-snapshot-save");
    assertThat(folder.resolve("environment"))
        .content()
        .contains("HOME=" + folder)
        .doesNotContain("hush");
  }

  private int port() throws IOException {
    String started = Files.readString(folder.resolve("started"));
    return Integer.parseInt(started.replaceFirst("(?s).*-port (\\d+) .*", "$1"));
  }

  @Test
  void anEmulatorThatDiesIsSaidSoAndStartedAgainUnderItsName() throws Exception {
    follow(PACE, all(), "pixel_7");
    List<Long> first = pids("pixel_7");
    eventually(() -> assertThat(told).hasSize(1));
    String serial = serial();
    comesUp(serial);
    eventually(() -> assertThat(only().withheld()).isFalse());

    ProcessHandle.of(first.get(0)).orElseThrow().destroyForcibly();

    List<Long> second = pids("pixel_7");
    assertThat(second).doesNotContainAnyElementsOf(first).allMatch(AvdSlotsTest::alive);
    assertThat(first).noneMatch(AvdSlotsTest::alive);
    eventually(() -> assertThat(serial()).isEqualTo(serial));
  }

  @Test
  void oneThatDiesAtItsStartIsTriedWithLongerAndLongerPausesAndSaysItsLastWord() throws Exception {
    Files.createFile(folder.resolve("dies"));
    Pace pace =
        new Pace(
            Duration.ofSeconds(60),
            Duration.ofMillis(50),
            Duration.ofMinutes(10),
            Duration.ofMinutes(1),
            Duration.ofSeconds(5));
    follow(pace, all(), "pixel_7");
    eventually(
        () ->
            assertThat(reason())
                .matches(
                    "AVD pixel_7: its emulator died after \\d+ s \\(exit code 1\\): x86_64"
                        + " emulation currently requires hardware acceleration!; started again in"
                        + " (?:[2-9]|\\d\\d) s"));
    // at most 50, 100, 200, 400, 800, 1600, 3200 ms before the first pause of two seconds
    assertThat(Files.readAllLines(folder.resolve("started"))).hasSizeBetween(3, 9);
    Files.delete(folder.resolve("dies"));
    assertThat(pids("pixel_7")).allMatch(AvdSlotsTest::alive);
  }

  @Test
  void oneThatDoesNotComeUpIsEndedAndStartedAgain() throws Exception {
    Pace impatient =
        new Pace(
            Duration.ofSeconds(2),
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            Duration.ofSeconds(1));
    follow(impatient, all(), "pixel_7");
    List<Long> first = pids("pixel_7");
    List<Long> second = pids("pixel_7");
    assertThat(first).noneMatch(AvdSlotsTest::alive);
    assertThat(second).doesNotContainAnyElementsOf(first);
  }

  @Test
  void oneThatIsDeafIsKilled() throws Exception {
    Files.createFile(folder.resolve("deaf"));
    Pace short1 =
        new Pace(PACE.boot(), PACE.first(), PACE.longest(), PACE.settled(), Duration.ofMillis(200));
    follow(short1, all(), "pixel_7");
    List<Long> pids = pids("pixel_7");
    slots.close();
    assertThat(pids).noneMatch(AvdSlotsTest::alive);
  }

  @Test
  void severalHaveSerialsOfTheirOwnAndAreOfferedWhateverIsWantedBeside() throws Exception {
    follow(PACE, new Wanted(Set.of(Target.DEVICE), List.of()), "pixel_7", "tablet");
    pids("pixel_7");
    pids("tablet");
    eventually(
        () ->
            assertThat(told)
                .extracting(one -> one.capabilities().get("avd"))
                .containsExactly("pixel_7", "tablet"));
    String tablet = told.get(1).udid();
    assertThat(told).extracting(Found::udid).doesNotHaveDuplicates();
    adb.phone("emulator-5554", Map.of("ro.kernel.qemu", "1"));
    adb.phone("R58M", Map.of());
    adb.phone(tablet, Map.of("ro.kernel.qemu", "1"));
    adb.tell("emulator-5554\tdevice\nR58M\tdevice\n" + tablet + "\tdevice\n");
    eventually(
        () ->
            assertThat(told.stream().filter(one -> !one.withheld()))
                .extracting(Found::udid)
                .containsExactly("R58M", tablet));
    assertThat(told).hasSize(3);
  }

  @Test
  void whatIsMissingIsSaidInOneLine() {
    Emulator emulator = Emulator.find(environment);
    emulator.need("tablet");
    assertThatThrownBy(() -> emulator.need("pixel_9"))
        .hasMessage("there is no AVD 'pixel_9'; emulator -list-avds has pixel_7, tablet");
    assertThatThrownBy(() -> emulator.need("-wipe-data"))
        .hasMessage("'-wipe-data' is no name of an AVD");
    assertThatThrownBy(() -> Emulator.find(Map.of("PATH", folder.toString())))
        .hasMessageStartingWith("there is no emulator program in ANDROID_HOME/emulator")
        .hasMessageContaining("sdkmanager emulator");
  }
}
