package dev.qgjob.domain.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BatchSizeTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void longJobsAreSharedAmongTheSlots() {
    assertThat(BatchSize.of(16, atMost(16), 10, 4, MINUTE)).isEqualTo(3);
    assertThat(BatchSize.of(16, atMost(16), 10, 1, MINUTE)).isEqualTo(10);
    assertThat(BatchSize.of(16, atMost(16), 1, 4, MINUTE)).isEqualTo(1);
  }

  @Test
  void jobsThatAreDoneInAMomentAreTakenTogether() {
    assertThat(BatchSize.of(16, atMost(16), 30, 16, Duration.ofMillis(40))).isEqualTo(16);
    assertThat(BatchSize.of(16, atMost(16), 30, 16, Duration.ofSeconds(1))).isEqualTo(5);
    assertThat(BatchSize.of(16, atMost(16), 3, 16, Duration.ZERO)).isEqualTo(3);
  }

  @Test
  void aMomentIsShortBesideTheLeaseThatACrashCosts() {
    LeasePolicy brief = policy(16, Duration.ofSeconds(2));
    assertThat(BatchSize.of(16, brief, 30, 16, Duration.ofMillis(240))).isEqualTo(2);
    assertThat(BatchSize.of(16, brief, 30, 16, Duration.ofMillis(10))).isEqualTo(16);
  }

  @Test
  void neverMoreThanAskedForOrAllowed() {
    assertThat(BatchSize.of(4, atMost(16), 100, 1, Duration.ZERO)).isEqualTo(4);
    assertThat(BatchSize.of(16, atMost(8), 100, 1, MINUTE)).isEqualTo(8);
    assertThat(BatchSize.of(0, atMost(8), 100, 0, MINUTE)).isEqualTo(1);
  }

  /** Leases of a minute. */
  private static LeasePolicy atMost(int jobs) {
    return policy(jobs, Duration.ofSeconds(60));
  }

  private static LeasePolicy policy(int most, Duration lease) {
    return new LeasePolicy(lease, most);
  }
}
