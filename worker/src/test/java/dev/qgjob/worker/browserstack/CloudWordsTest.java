package dev.qgjob.worker.browserstack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.FailureKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CloudWordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[BROWSERSTACK_QUEUE_SIZE_EXCEEDED] All parallel tests are in use | queue is full",
        "All parallel tests are currently in use, including the queued tests. | queue is full",
        "[BROWSERSTACK_QUEUE_TIMEOUT] The session waited too long in the queue | dropped",
        "Session was dropped from queue | dropped",
        "[BROWSERSTACK_TIER_LIMIT_EXCEEDED] Tier limit exceeded for device 'x' | on this model",
        "[BROWSERSTACK_TESTING_TIME_LIMIT_EXHAUSTED] nothing left | out of minutes",
        "App Automate testing time has expired. | out of minutes",
        "Your free trial is over | out of minutes",
        "You have no minutes left | out of minutes",
      })
  void wordsThatAreKnownAreOneLine(String said, String means) {
    assertThat(CloudWords.ofSession(said))
        .hasValueSatisfying(line -> assertThat(line).contains(means).doesNotContain("\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Could not start a session",
        "[BROWSERSTACK_INVALID_APP_CAP] not uploaded",
        "Cannot start the 'com.acme.planner' application. A longer wait is recommended",
        "The plan view of the app, which is explained below, has an overlay; and the rest is over",
      })
  void othersAreLeftAsTheyAre(String said) {
    assertThat(CloudWords.ofSession(said)).isEmpty();
  }

  @Test
  void anAppThatIsRefusedIsNotTakenForAnAccountWithoutMinutes() {
    assertThat(
            CloudFault.of("planner.apk", 422, "planner.apk: another format is recommended").kind())
        .isEqualTo(FailureKind.APP);
    assertThat(CloudFault.of("planner.apk", 422, "Your trial has expired").kind())
        .isEqualTo(FailureKind.INFRASTRUCTURE);
  }
}
