package dev.qgjob.worker.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.Target;
import dev.qgjob.worker.discovery.AdbServer;
import dev.qgjob.worker.run.Slot;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneProbeTest {
  private static final Slot SLOT =
      new Slot("w:device:" + ShellPhone.SERIAL, Target.DEVICE, ShellPhone.SERIAL);

  private ShellPhone phone;
  private AdbServer adb;

  @BeforeEach
  void start() throws IOException {
    phone = new ShellPhone();
    adb = new AdbServer(phone.port(), Duration.ofSeconds(5));
  }

  @AfterEach
  void stop() throws IOException {
    phone.close();
  }

  private PhoneProbe probe(Map<String, String> secrets) {
    return new PhoneProbe(
        adb, Fitness.USUAL, LockSecret.in(Map.of("PIN", "1234", "OLD_PIN", "9999"), secrets));
  }

  @Test
  void aPhoneThatIsLockedAfterARebootIsUnlockedByItsSlotsSecret() {
    phone.lock("1234");
    assertThat(probe(Map.of(ShellPhone.SERIAL, "PIN")).ailment(SLOT)).isEmpty();
    assertThat(phone.typed()).containsExactly("1234");
  }

  @Test
  void anothersSecretIsNotTyped() {
    phone.lock("1234");
    assertThat(probe(Map.of("R59N", "PIN")).ailment(SLOT)).contains(Fitness.LOCKED);
    assertThat(phone.typed()).isEmpty();
  }

  @Test
  void whereNoSecretIsNeededNoneIsTyped() {
    phone.lock("");
    assertThat(probe(Map.of(ShellPhone.SERIAL, "PIN")).ailment(SLOT)).isEmpty();
    assertThat(phone.typed()).isEmpty();
  }

  @Test
  void aWrongSecretIsNotTypedUntilThePhoneLocksItselfUp() {
    phone.lock("1234");
    PhoneProbe probe = probe(Map.of(ShellPhone.SERIAL, "OLD_PIN"));
    for (int i = 0; i < 10; i++) {
      assertThat(probe.ailment(SLOT)).isPresent();
    }
    assertThat(phone.typed()).containsExactly("9999", "9999", "9999");
    assertThat(probe.ailment(SLOT).orElse("")).contains("its secret did not unlock it 3 times");
    phone.lock("");
    assertThat(probe.ailment(SLOT)).isEmpty();
  }

  @Test
  void aSecretIsInNoReasonThoughThePhoneGoesAwayWhileItIsTyped() {
    phone.lock("1234");
    phone.goesAwayWhenTypedOn();
    PhoneProbe probe = probe(Map.of(ShellPhone.SERIAL, "PIN"));
    assertThat(probe.ailment(SLOT).orElse(""))
        .contains("it does not answer adb")
        .doesNotContain("1234");
    Map<String, LockSecret> known =
        LockSecret.in(Map.of("PIN", "1234"), Map.of(ShellPhone.SERIAL, "PIN"));
    Preparation preparation =
        new Preparation(adb, Fitness.USUAL, Optional.ofNullable(known.get(ShellPhone.SERIAL)));
    assertThat(preparation.prepare(ShellPhone.SERIAL).orElse(""))
        .contains("it does not answer adb")
        .doesNotContain("1234");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatAKilledWorkersJobLeftRunningIsEnded(boolean old) {
    if (old) {
      phone.isOld();
    }
    phone.runs("io.appium.uiautomator2.server");
    phone.runs("screenrecord");
    phone.runs("io.appium.settings");
    assertThat(probe(Map.of()).clear(SLOT)).isTrue();
    assertThat(phone.processes())
        .containsExactlyInAnyOrder("init", "dev.example.app", "io.appium.settings");
  }

  @Test
  void aPhoneThatIsAwayIsNotTakenForClear() throws IOException {
    phone.close();
    assertThat(probe(Map.of()).clear(SLOT)).isFalse();
  }

  @Test
  void aPreparationSaysWhichSettingWasRefused() {
    Preparation preparation = new Preparation(adb, Fitness.USUAL, Optional.empty());
    phone.refuses("global stay_on_while_plugged_in");
    assertThat(preparation.prepare(ShellPhone.SERIAL))
        .contains(
            "it refuses settings: global stay_on_while_plugged_in is null, not 7; set them by"
                + " hand, or allow adb to in its developer options");
    phone.refuses("");
    assertThat(preparation.prepare(ShellPhone.SERIAL)).isEmpty();
  }
}
