package dev.qgjob.worker.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PhonePropertiesTest {
  @Test
  void readsWhatAPhonePrints() {
    PhoneProperties phone =
        PhoneProperties.parse(
            """
            [persist.sys.locale]: [de-DE]
            [ro.build.version.release]: [14]
            [ro.build.version.sdk]: [34]
            [ro.product.cpu.abi]: [arm64-v8a]
            [ro.product.cpu.abilist]: [arm64-v8a,armeabi-v7a]
            [ro.product.locale]: [en-US]
            [ro.product.model]: [Pixel 8]
            [ro.some.note]: [has [brackets] in it]
            Physical size: 1080x2400
            Override size: 720x1600
            """);
    assertThat(phone.emulator()).isFalse();
    assertThat(phone.capabilities())
        .isEqualTo(
            Map.of(
                "model", "Pixel 8",
                "os_version", "14",
                "api_level", "34",
                "abi", "arm64-v8a",
                "abis", "arm64-v8a,armeabi-v7a",
                "locale", "de-DE",
                "screen", "720x1600"));
  }

  @Test
  void anEmulatorSaysSoInOneOfTwoWays() {
    assertThat(PhoneProperties.parse("[ro.kernel.qemu]: [1]").emulator()).isTrue();
    assertThat(PhoneProperties.parse("[ro.boot.qemu]: [1]\r\n").emulator()).isTrue();
    assertThat(PhoneProperties.parse("[ro.boot.qemu]: [0]").emulator()).isFalse();
  }

  @Test
  void anEmulatorNamesItsVirtualDeviceAndEveryPhoneSaysWhetherItHasComeUp() {
    PhoneProperties phone =
        PhoneProperties.parse("[ro.boot.qemu.avd_name]: [pixel_7]\n[sys.boot_completed]: [1]");
    assertThat(phone.capabilities()).isEqualTo(Map.of("avd", "pixel_7"));
    assertThat(phone.booted()).isTrue();
    assertThat(PhoneProperties.parse("[sys.boot_completed]: []").booted()).isFalse();
    assertThat(PhoneProperties.parse("[ro.product.model]: [Pixel 8]").booted()).isFalse();
  }

  @Test
  void whatIsNoAnswerSaysNothing() {
    assertThat(PhoneProperties.parse("error: closed").capabilities()).isEmpty();
  }
}
