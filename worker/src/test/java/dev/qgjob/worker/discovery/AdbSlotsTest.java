package dev.qgjob.worker.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.qgjob.protocol.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdbSlotsTest {
  private static final Map<String, String> PIXEL =
      Map.of(
          "ro.product.model", "Pixel 8",
          "ro.build.version.release", "14",
          "ro.build.version.sdk", "34",
          "ro.product.cpu.abi", "arm64-v8a");

  @TempDir private Path locks;
  private FakeAdb adb;
  private AdbSlots slots;
  private volatile List<Found> told;

  @BeforeEach
  void start() throws IOException {
    adb = new FakeAdb();
  }

  @AfterEach
  void stop() throws IOException {
    slots.close();
    adb.close();
  }

  private void follow(Wanted wanted) {
    slots =
        new AdbSlots(
            new AdbServer(adb.port(), Duration.ofSeconds(5)),
            Optional.empty(),
            wanted,
            Duration.ofMillis(20),
            locks);
    slots.start(found -> told = found);
  }

  private void eventuallyTold(String... udids) {
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(told.stream().filter(one -> !one.withheld()))
                    .extracting(Found::udid)
                    .containsExactlyInAnyOrder(udids));
  }

  private static Wanted all() {
    return new Wanted(Set.of(Target.EMULATOR, Target.DEVICE), List.of());
  }

  @Test
  void phonesAreToldAsTheyComeAndGo() throws IOException {
    adb.phone("R58M", PIXEL);
    adb.phone("emulator-5554", Map.of("ro.product.model", "sdk_gphone"));
    adb.tell("R58M\tdevice\n");
    follow(all());
    assertThat(told)
        .containsExactly(
            new Found(
                Target.DEVICE,
                "R58M",
                Map.of(
                    "model",
                    "Pixel 8",
                    "os_version",
                    "14",
                    "api_level",
                    "34",
                    "abi",
                    "arm64-v8a",
                    "screen",
                    "1080x2400")));
    adb.tell("R58M\tdevice\nemulator-5554\toffline\n");
    adb.tell("R58M\tdevice\nemulator-5554\tdevice\n");
    eventuallyTold("R58M", "emulator-5554");
    assertThat(told).extracting(Found::target).contains(Target.EMULATOR);
    adb.tell("R58M\tunauthorized\nemulator-5554\tdevice\n");
    eventuallyTold("emulator-5554");
    adb.tell("");
    eventuallyTold();
  }

  @Test
  void anEmulatorBehindANetworkAddressSaysSoItself() throws IOException {
    adb.phone("127.0.0.1:5555", Map.of("ro.kernel.qemu", "1"));
    adb.phone("10.0.0.7:5555", PIXEL);
    adb.tell("127.0.0.1:5555\tdevice\n10.0.0.7:5555\tdevice\n");
    follow(new Wanted(Set.of(Target.EMULATOR), List.of()));
    eventuallyTold("127.0.0.1:5555");
  }

  @Test
  void aServerThatEndsTakesItsPhonesAlongUntilItIsBack() throws IOException {
    adb.phone("R58M", PIXEL);
    adb.tell("R58M\tdevice\n");
    follow(all());
    eventuallyTold("R58M");
    adb.kill();
    eventuallyTold();
    adb.restart();
    eventuallyTold("R58M");
  }

  @Test
  void aPhoneThatDoesNotAnswerIsNotOffered() throws IOException {
    adb.tell("GHOST\tdevice\n");
    follow(all());
    eventuallyTold();
    adb.phone("GHOST", PIXEL);
    adb.tell("GHOST\tdevice\n");
    eventuallyTold("GHOST");
  }

  @Test
  void aPhoneThatCannotWorkIsShownWithItsReason() throws IOException {
    adb.phone("R58M", PIXEL);
    adb.tell(
        "R58M\tdevice\nNEW\tunauthorized\nGONE\toffline\nDUSTY\tno permissions (user in plugdev"
            + " group; are your udev rules wrong?); see [http://developer.android.com]\n"
            + "emulator-5554\toffline\nFLASH\tbootloader\n");
    follow(all());
    eventuallyTold("R58M");
    assertThat(reason("NEW")).startsWith("unauthorized: accept this computer's key");
    assertThat(reason("GONE")).startsWith("offline: ");
    assertThat(reason("DUSTY")).startsWith("no permissions: ").contains("udev");
    assertThat(reason("FLASH")).startsWith("bootloader: ");
    assertThat(told).anyMatch(f -> f.udid().equals("emulator-5554") && f.withheld());
  }

  @Test
  void aPhoneThatIsStartingIsAwayUntilAndroidHasComeUpAndThenSaysAllOfItself() throws IOException {
    adb.phone("emulator-5554", Map.of("ro.kernel.qemu", "1", "sys.boot_completed", ""));
    adb.tell("emulator-5554\tdevice\n");
    follow(all());
    assertThat(reason("emulator-5554")).isEqualTo("it is still starting");
    // adb says nothing new when a phone has come up
    adb.phone("emulator-5554", Map.of("ro.kernel.qemu", "1", "persist.sys.locale", "de-DE"));
    eventuallyTold("emulator-5554");
    assertThat(told.get(0).capabilities()).containsEntry("locale", "de-DE");
  }

  @Test
  void anEmulatorThatGoesOfflineKeepsItsSlotsName() throws IOException {
    adb.phone("127.0.0.1:5555", Map.of("ro.kernel.qemu", "1"));
    adb.tell("127.0.0.1:5555\tdevice\n");
    follow(all());
    eventuallyTold("127.0.0.1:5555");
    adb.tell("127.0.0.1:5555\toffline\n");
    eventuallyTold();
    assertThat(told).extracting(Found::target).containsExactly(Target.EMULATOR);
  }

  private String reason(String udid) {
    return told.stream()
        .filter(one -> one.udid().equals(udid))
        .findFirst()
        .orElseThrow()
        .capabilities()
        .get(Found.UNAVAILABLE);
  }

  @Test
  void aPhoneIsOneWorkersUntilThatOneEnds() throws IOException {
    adb.phone("R58M", PIXEL);
    adb.tell("R58M\tdevice\n");
    List<List<Found>> others = new CopyOnWriteArrayList<>();
    try (AdbSlots first = another(others)) {
      assertThat(others.get(0)).noneMatch(Found::withheld);
      follow(all());
      eventuallyTold();
      assertThat(reason("R58M")).isEqualTo("another worker on this host has it");
    }
    eventuallyTold("R58M");
  }

  private AdbSlots another(List<List<Found>> told) {
    AdbSlots another =
        new AdbSlots(
            new AdbServer(adb.port(), Duration.ofSeconds(5)),
            Optional.empty(),
            all(),
            Duration.ofMillis(20),
            locks);
    another.start(told::add);
    return another;
  }

  /** What ran on it goes on for a while: a second worker's job would meet it there. */
  @Test
  void aPhoneThatAdbLosesForAMomentStaysItsWorkers() throws IOException {
    adb.phone("R58M", PIXEL);
    adb.tell("R58M\tdevice\n");
    follow(all());
    eventuallyTold("R58M");
    try (PhoneLocks others = new PhoneLocks(locks)) {
      adb.kill();
      eventuallyTold();
      assertThat(others.take("R58M")).as("while adb starts anew").isFalse();
      adb.restart();
      eventuallyTold("R58M");
      adb.tell("R58M\tunauthorized\n");
      eventuallyTold();
      assertThat(others.take("R58M")).as("while it is away").isFalse();
      slots.close();
      await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> others.take("R58M"));
    }
  }

  @Test
  void aPhoneThatIsOfflineIsOneWorkersToBringBack() throws IOException {
    adb.tell("R58M\toffline\n");
    List<List<Found>> others = new CopyOnWriteArrayList<>();
    try (AdbSlots first = another(others)) {
      assertThat(others.get(0).get(0).capabilities())
          .containsEntry(Found.UNAVAILABLE, AdbSlots.OFFLINE);
      follow(all());
      assertThat(reason("R58M")).isEqualTo(AdbSlots.ANOTHERS);
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .untilAsserted(() -> assertThat(reason("R58M")).isEqualTo(AdbSlots.OFFLINE));
  }

  @Test
  void aListOffersOnlyWhatItNamesAndAddsWhatItSays() throws IOException {
    adb.phone("R58M", PIXEL);
    adb.phone("PRIVATE", PIXEL);
    adb.tell("R58M\tdevice\nPRIVATE\tdevice\n");
    follow(
        new Wanted(
            Set.of(Target.EMULATOR, Target.DEVICE),
            List.of(new Found(Target.DEVICE, "R58M", Map.of("shelf", "2", "model", "Mine")))));
    eventuallyTold("R58M");
    assertThat(told.get(0).capabilities())
        .containsEntry("shelf", "2")
        .containsEntry("model", "Mine");
  }

  @Test
  void thePortIsThatOfAdbsOwnTools() {
    slots =
        new AdbSlots(
            new AdbServer(1, Duration.ZERO), Optional.empty(), all(), Duration.ZERO, locks);
    assertThat(AdbServer.defaultPort(Map.of())).isEqualTo(5037);
    assertThat(AdbServer.defaultPort(Map.of("ANDROID_ADB_SERVER_PORT", "6037"))).isEqualTo(6037);
    assertThatThrownBy(() -> AdbServer.defaultPort(Map.of("ANDROID_ADB_SERVER_PORT", "x")))
        .hasMessage("ANDROID_ADB_SERVER_PORT is 'x', not a port; unset it for adb's own 5037");
  }
}
