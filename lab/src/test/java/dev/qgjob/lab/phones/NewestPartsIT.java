package dev.qgjob.lab.phones;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.Target;
import dev.qgjob.worker.run.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The worker's executor with AppWright as the registry serves it and other parts beside it than the
 * example has, each for real on a simulated phone. It installs their packages, 300 MB each: not in
 * every build.
 */
@Tag("measurement")
final class NewestPartsIT {
  private static final String SPEC =
      """
      const { test, expect } = require('appwright');
      test('one', async ({ device }) => {
        await expect(device.getByText('Accessibility', { exact: true })).toBeVisible();
      });
      test('two', async ({ device }) => {
        await expect(device.getByText('Views', { exact: true })).toBeVisible();
      });
      """;

  private static String manifest(
      String appwright, String playwright, String appium, String driver) {
    return """
        {
          "private": true,
          "devDependencies": {
            "@playwright/test": "%s",
            "appium": "%s",
            "appium-uiautomator2-driver": "%s",
            "appwright": "%s",
            "android-apidemos": "5.0.0"
          },
          "overrides": {
            "appium": "$appium",
            "appium-uiautomator2-driver": "$appium-uiautomator2-driver"
          }
        }
        """
        .formatted(playwright, appium, driver, appwright);
  }

  @ParameterizedTest
  @CsvSource({
    "0.1.1, 1.59.1, 3.8.0, 8.7.0",
    "0.1.1, 1.65.1, 2.19.0, 3.10.0",
    "0.0.33, 1.59.1, 2.19.0, 3.10.0",
  })
  void oneInstallServesTwoTests(String appwright, String playwright, String appium, String driver)
      throws IOException {
    try (PhoneRig rig = new PhoneRig("newest-parts", Target.EMULATOR, Duration.ofSeconds(2))) {
      String spec = "tests/it.spec.js";
      Path bundle =
          rig.bundle(
              spec, SPEC, Map.of("package.json", manifest(appwright, playwright, appium, driver)));

      Outcome outcome = rig.startBundle(rig.usual(), bundle, spec).outcome().join();

      assertThat(outcome).as(outcome.message()).isInstanceOf(Outcome.Passed.class);
      assertThat(rig.counts().path("installs").asInt()).isEqualTo(1);
      assertThat(rig.counts().path("clears").asInt()).as("before each test").isEqualTo(2);
    }
  }
}
