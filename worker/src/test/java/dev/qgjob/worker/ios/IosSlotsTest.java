package dev.qgjob.worker.ios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.qgjob.client.Json;
import dev.qgjob.protocol.Target;
import dev.qgjob.worker.Script;
import dev.qgjob.worker.discovery.Found;
import dev.qgjob.worker.discovery.Wanted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Xcode's tools print, from files (their README says where that is from). */
class IosSlotsTest {
  private static final String BOOTED = "9F1C2A64-53B8-4A0E-9D57-2B7C9E4F1A01";
  private static final String SHUT_DOWN = "3D5E8B17-0C42-4E9F-8A66-71F0B3C5D202";
  private static final String WIRED = "00008120-0014485601E3C01E";
  private static final String WIRELESS = "00008110-001C108C0132401E";

  @TempDir private Path folder;
  private IosSlots slots;
  private volatile List<Found> told;

  @BeforeEach
  void tools() throws IOException {
    for (String name :
        List.of(
            "simctl-list-devices",
            "devicectl-list-devices",
            "devicectl-lockstate-locked",
            "devicectl-lockstate-unlocked")) {
      try (InputStream in = getClass().getResourceAsStream(name + ".json")) {
        Files.copy(in, folder.resolve(name + ".json"));
      }
    }
    Script.write(folder.resolve("bin/xcode-select"), "test \"$1\" = -p && echo /Applications\n");
    // the file that devicectl shall write is its last argument
    Script.write(
        folder.resolve("bin/xcrun"),
        """
        cd "%s" || exit 1
        for last; do :; done
        case "$*" in
          "--find simctl" | "--find devicectl") test ! -e "no-$2" ;;
          "simctl list -j devices")
            if test -e broken; then
              echo "xcrun: error: unable to find utility" >&2
              exit 72
            fi
            cat simctl-list-devices.json ;;
          "devicectl list devices --timeout 5 --quiet --json-output "*)
            cp devicectl-list-devices.json "$last" ;;
          "devicectl device info lockState --device %s --timeout 5 --quiet --json-output "*)
            cp devicectl-lockstate-locked.json "$last" ;;
          "devicectl device info lockState --device %s --timeout 5 --quiet --json-output "*)
            cp devicectl-lockstate-unlocked.json "$last" ;;
          *) echo "asked for something else: $*" >&2; exit 64 ;;
        esac
        """
            .formatted(folder, WIRELESS, WIRED));
  }

  @AfterEach
  void stop() {
    if (slots != null) {
      slots.close();
    }
  }

  private Map<String, String> path() {
    return Map.of("PATH", folder.resolve("bin") + ":/usr/bin:/bin");
  }

  private void follow(Wanted wanted) {
    slots = new IosSlots(Xcrun.find(path()).orElseThrow(), wanted, Duration.ofMillis(50));
    slots.start(found -> told = found);
  }

  private static Wanted all() {
    return new Wanted(Set.of(Target.EMULATOR, Target.DEVICE), List.of());
  }

  private Map<String, String> told(String udid) {
    return told.stream()
        .filter(one -> one.udid().equals(udid))
        .findFirst()
        .orElseThrow()
        .capabilities();
  }

  private String reason(String udid) {
    return told(udid).get(Found.UNAVAILABLE);
  }

  private void eventually(Runnable assertion) {
    await().atMost(Duration.ofSeconds(30)).untilAsserted(assertion::run);
  }

  @Test
  void whatIsSeenSaysWhatItIsAndTakesNoJob() {
    follow(all());
    assertThat(told).hasSize(10).allMatch(Found::withheld);
    assertThat(told(BOOTED))
        .isEqualTo(
            Map.of(
                "platform", "ios",
                "name", "iPhone 16 Pro",
                "model", "iPhone 16 Pro",
                "os_version", "18.3",
                "unavailable", "iOS is discovered, not driven yet"));
    assertThat(told(WIRED))
        .isEqualTo(
            Map.of(
                "platform", "ios",
                "name", "Shelf 3",
                "model", "iPhone 14 Pro",
                "os_version", "18.3.1",
                "unavailable", "iOS is discovered, not driven yet"));
    assertThat(told("5A7B1C2D-9E0F-4A3B-8C4D-6E5F7A8B9C03"))
        .containsEntry("name", "checkout tests")
        .containsEntry("model", "iPhone SE 3rd generation");
    assertThat(told).filteredOn(one -> one.target() == Target.EMULATOR).hasSize(5);
  }

  @Test
  void watchesTelevisionsAndGogglesAreNoSlots() {
    follow(all());
    assertThat(told)
        .extracting(one -> one.capabilities().getOrDefault("model", ""))
        .noneMatch(model -> model.matches(".*(Watch|TV|Vision).*"));
  }

  @Test
  void whatIsNotReadySaysWhy() {
    follow(all());
    assertThat(reason(SHUT_DOWN))
        .isEqualTo("not booted: xcrun simctl boot starts it; iOS is discovered, not driven yet");
    assertThat(reason("5A7B1C2D-9E0F-4A3B-8C4D-6E5F7A8B9C03"))
        .startsWith("simctl calls it 'Booting'");
    assertThat(reason("B1D2F3A4-5C6D-4E7F-8091-A2B3C4D5E605"))
        .startsWith("it cannot be started: runtime profile not found");
    assertThat(reason(WIRELESS)).startsWith("locked: ");
    assertThat(reason("00008103-000A1B2C3D4E001E")).startsWith("disconnected: ");
    assertThat(reason("00008030-001122334455002E")).startsWith("not paired: ");
    assertThat(reason("00008101-00AABBCCDDEE003A")).startsWith("its developer mode is off");
  }

  @Test
  void aSimulatorThatIsBootedOrEndsIsToldWithTheNextLook() throws IOException {
    follow(all());
    Path list = folder.resolve("simctl-list-devices.json");
    Path part = folder.resolve("part");
    Files.writeString(
        part,
        Files.readString(list)
            .replace("\"Booted\"", "\"Shutdown\"")
            .replace("\"Booting\"", "\"Booted\""));
    Files.move(part, list, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    eventually(
        () -> {
          assertThat(reason(BOOTED)).startsWith("not booted");
          assertThat(reason("5A7B1C2D-9E0F-4A3B-8C4D-6E5F7A8B9C03"))
              .isEqualTo("iOS is discovered, not driven yet");
        });
  }

  @Test
  void kindsAndListsRestrictThemAsTheyDoAndroidPhones() {
    follow(new Wanted(Set.of(Target.DEVICE), List.of()));
    assertThat(told).isNotEmpty().allMatch(one -> one.target() == Target.DEVICE);
    slots.close();
    follow(new Wanted(Set.of(), List.of(new Found(Target.EMULATOR, BOOTED, Map.of("shelf", "2")))));
    assertThat(told).extracting(Found::udid).containsExactly(BOOTED);
    assertThat(told(BOOTED)).containsEntry("shelf", "2").containsKey("unavailable");
  }

  @Test
  void aToolThatFailsTakesItsOwnSlotsAlongUntilItAnswersAgain() throws IOException {
    follow(all());
    Files.createFile(folder.resolve("broken"));
    eventually(() -> assertThat(told).hasSize(5).allMatch(one -> one.target() == Target.DEVICE));
    Files.delete(folder.resolve("broken"));
    eventually(() -> assertThat(told).hasSize(10));
  }

  @Test
  void anXcodeWithoutDevicectlShowsSimulatorsOnly() throws IOException {
    Files.createFile(folder.resolve("no-devicectl"));
    follow(all());
    assertThat(told).hasSize(5).allMatch(one -> one.target() == Target.EMULATOR);
  }

  @Test
  void whereThereAreNoToolsNothingIsStarted() throws IOException {
    assertThat(Xcrun.find(Map.of("PATH", folder.toString()))).isEmpty();
    // a Mac without Xcode has both programs, and xcrun would open a window
    Script.write(folder.resolve("bin/xcode-select"), "exit 2\n");
    Script.write(folder.resolve("bin/xcrun"), "touch \"" + folder + "/window\"\n");
    assertThat(Xcrun.find(path())).isEmpty();
    assertThat(folder.resolve("window")).doesNotExist();
  }

  @Test
  void whatIsOfAnotherFormSaysNothing() throws IOException {
    assertThat(Simulators.parse(Json.mapper().readTree("{\"devices\": []}"))).isEmpty();
    assertThat(
            CoreDevices.parse(
                Json.mapper().readTree("{\"result\": {\"devices\": [{}, {\"a\": 1}]}}"),
                udid -> true))
        .isEmpty();
  }
}
