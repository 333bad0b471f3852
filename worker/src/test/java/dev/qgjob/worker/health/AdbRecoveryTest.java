package dev.qgjob.worker.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.qgjob.protocol.Target;
import dev.qgjob.worker.discovery.AdbServer;
import dev.qgjob.worker.discovery.FakeAdb;
import dev.qgjob.worker.run.Slot;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdbRecoveryTest {
  private static final Slot PHONE = new Slot("w:device:R58M", Target.DEVICE, "R58M");

  @TempDir private Path folder;
  private FakeAdb adb;

  @BeforeEach
  void start() throws IOException {
    adb = new FakeAdb();
    adb.phone("R58M", Map.of());
  }

  @AfterEach
  void stop() throws IOException {
    adb.close();
  }

  private AdbRecovery recovery(boolean mayReboot, boolean hasCommand) {
    Optional<List<String>> command =
        hasCommand
            ? Optional.of(List.of("sh", "-c", "echo $QGJOB_PHONES >> " + told()))
            : Optional.empty();
    return new AdbRecovery(
        new AdbServer(adb.port(), Duration.ofSeconds(5)), mayReboot, command, Runnable::run);
  }

  private Path told() {
    return folder.resolve("told.txt");
  }

  private void unfit(AdbRecovery recovery, int quarantines) {
    for (int i = 1; i <= quarantines; i++) {
      recovery.unfit(PHONE, "offline", i);
    }
  }

  @Test
  void eachQuarantineInARowTakesOneStepFurther() {
    unfit(recovery(true, true), 4);
    assertThat(adb.orders()).containsExactly("host-serial:R58M:reconnect", "R58M reboot");
    assertThat(told()).hasContent("R58M");
  }

  @Test
  void nothingIsRebootedUnlessThatIsAllowed() {
    unfit(recovery(false, true), 2);
    assertThat(adb.orders()).containsExactly("host-serial:R58M:reconnect");
    assertThat(told()).hasContent("R58M");
  }

  @Test
  void withoutACommandThereIsOnlyANoticeLeft() {
    unfit(recovery(false, false), 4);
    assertThat(adb.orders()).containsExactly("host-serial:R58M:reconnect");
  }

  @Test
  void phonesThatVanishTogetherAreConnectedAgainAndNamedToTheCommand() throws IOException {
    recovery(true, true).hostEvent(new TreeSet<>(Set.of("R58M", "R59N")));
    assertThat(adb.orders()).containsExactly("host:reconnect-offline");
    assertThat(Files.readString(told())).isEqualTo("R58M R59N\n");
  }

  private void lost(AdbRecovery recovery, Slot slot) {
    for (int step = 1; step <= 4; step++) {
      recovery.lost(slot, "adb does not see it any more", step);
    }
  }

  @Test
  void aPhoneThatIsLostIsConnectedAgainAndThenNamedToTheCommandOnce() throws IOException {
    lost(recovery(true, true), PHONE);
    assertThat(adb.orders()).as("no reboot").containsExactly("host-serial:R58M:reconnect");
    assertThat(Files.readString(told())).isEqualTo("R58M\n");
  }

  /** It is back, and a run may be on it. */
  @Test
  void aPhoneThatAdbHasIsNotTakenForLost() throws IOException {
    adb.tell("R58M\tdevice\n");
    lost(recovery(true, true), PHONE);
    assertThat(adb.orders()).isEmpty();
    assertThat(told()).doesNotExist();
    adb.tell("R58M\toffline\n");
    lost(recovery(true, true), PHONE);
    assertThat(adb.orders()).containsExactly("host-serial:R58M:reconnect");
  }

  @Test
  void aPhoneOnTheNetworkThatAdbHasForgottenIsConnected() {
    recovery(true, true)
        .lost(
            new Slot("w:device:10.0.0.7:5555", Target.DEVICE, "10.0.0.7:5555"),
            "adb does not see it any more",
            1);
    assertThat(adb.orders())
        .containsExactly("host-serial:10.0.0.7:5555:reconnect", "host:connect:10.0.0.7:5555");
  }

  @Test
  void aSessionAtBrowserStackIsNoPhoneOfThisHost() {
    recovery(true, true).unfit(new Slot("w:browserstack:1", Target.BROWSERSTACK, "1"), "gone", 1);
    assertThat(adb.orders()).isEmpty();
  }

  @Test
  void anAdbServerThatIsAwayIsNoReasonToFail() throws IOException {
    int nobodys;
    try (ServerSocket socket = new ServerSocket(0)) {
      nobodys = socket.getLocalPort();
    }
    AdbRecovery recovery =
        new AdbRecovery(
            new AdbServer(nobodys, Duration.ofSeconds(5)), true, Optional.empty(), Runnable::run);
    assertThatCode(() -> unfit(recovery, 2)).doesNotThrowAnyException();
  }
}
