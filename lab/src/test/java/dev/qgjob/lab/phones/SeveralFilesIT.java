package dev.qgjob.lab.phones;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.lab.phones.PhoneRig.How;
import dev.qgjob.lab.phones.PhoneRig.Piece;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.Target;
import dev.qgjob.worker.run.Outcome;
import dev.qgjob.worker.run.TestFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Builds of several files on a phone that counts, on real AppWright, Appium and adb. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class SeveralFilesIT {
  private static final String COMPANION = CompanionApk.PACKAGE;

  private static final String ONE =
      """
      const { test, expect } = require('appwright');
      test('one', async ({ device }) => {
        await expect(device.getByText('Views', { exact: true })).toBeVisible();
      });
      """;

  private static PhoneRig rig;
  private static Path mock;

  @TempDir private static Path temp;

  @BeforeAll
  static void start() throws IOException {
    rig = new PhoneRig("several-files", Target.EMULATOR, Duration.ofSeconds(1));
    mock = CompanionApk.of(rig.versions.first(), temp);
  }

  @AfterAll
  static void stop() {
    if (rig != null) {
      rig.close();
    }
  }

  private static How build(ResetPolicy reset, Piece... pieces) {
    return new How(
        rig.versions.first(),
        reset,
        TestFilter.ALL,
        Duration.ofMinutes(6),
        Map.of(),
        List.of(),
        null,
        List.of(pieces));
  }

  private static Piece app(String... abis) {
    return new Piece(rig.versions.first(), PhoneRig.APP, List.of(abis));
  }

  private static Piece mock() {
    return new Piece(mock, COMPANION, List.of());
  }

  private static int installs(String packageName) {
    return CompanionApk.installs(rig.farm.phones(), packageName);
  }

  private static List<String> packages() {
    List<String> packages = new ArrayList<>();
    for (JsonNode phone : rig.farm.phones().path("phones")) {
      phone.path("packages").forEach(one -> packages.add(one.path("packageName").asText()));
    }
    return packages;
  }

  private static Outcome passes(Outcome outcome) {
    assertThat(outcome).as(outcome.message()).isInstanceOf(Outcome.Passed.class);
    return outcome;
  }

  @Test
  @Order(1)
  void appAndCompanionAreInstalledOnceForTwoJobs() throws IOException {
    How how = build(ResetPolicy.CLEAR_DATA, app(), mock());
    assertThat(passes(rig.run(how, ONE)).details().installs()).isEqualTo(2);
    assertThat(passes(rig.run(how, ONE)).details().installs()).isZero();
    assertThat(installs(PhoneRig.APP)).isEqualTo(1);
    assertThat(installs(COMPANION)).isEqualTo(1);
  }

  @Test
  @Order(2)
  void aCompanionThatSomebodyRemovedIsNoticed() throws IOException {
    rig.farm.tell(rig.serial(), "uninstall?package=" + COMPANION);
    assertThat(packages()).doesNotContain(COMPANION);
    Outcome outcome = passes(rig.run(build(ResetPolicy.CLEAR_DATA, app(), mock()), ONE));
    assertThat(outcome.details().installs()).isEqualTo(1);
    assertThat(installs(COMPANION)).isEqualTo(2);
    assertThat(installs(PhoneRig.APP)).isEqualTo(1);
  }

  @Test
  @Order(3)
  void fullResetReinstallsTheAppAndLeavesTheCompanion() throws IOException {
    passes(rig.run(build(ResetPolicy.FULL, app(), mock()), ONE));
    assertThat(installs(COMPANION)).isEqualTo(2);
    assertThat(installs(PhoneRig.APP)).isEqualTo(2);
    assertThat(packages()).contains(COMPANION).doesNotContain(PhoneRig.APP);
  }

  @Test
  @Order(4)
  void anotherBuildOfTheAppTakesAwayWhatItDoesNotNeed() throws IOException {
    passes(rig.run(ONE));
    assertThat(packages()).contains(PhoneRig.APP).doesNotContain(COMPANION);
  }

  @Test
  @Order(5)
  void thePhoneGetsTheAppForItsProcessor() throws IOException {
    Piece arm = new Piece(rig.versions.second(), PhoneRig.APP, List.of("armeabi-v7a"));
    int before = installs(PhoneRig.APP);
    // the app is on the phone already: the other one is not what it asks for
    passes(rig.run(build(ResetPolicy.CLEAR_DATA, arm, app("x86_64")), ONE));
    assertThat(installs(PhoneRig.APP)).isEqualTo(before);
    Outcome outcome = rig.run(build(ResetPolicy.CLEAR_DATA, arm), ONE);
    assertThat(outcome.kind()).as(outcome.message()).contains(FailureKind.APP);
    assertThat(outcome.message())
        .isEqualTo("no binary of the build for ABI x86_64 or arm64-v8a; it has armeabi-v7a");
  }
}
