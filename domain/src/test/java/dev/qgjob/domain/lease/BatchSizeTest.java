package dev.qgjob.domain.lease;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BatchSizeTest {
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final List<Integer> NONE = List.of();
  private static final LeasePolicy SIXTEEN = new LeasePolicy(LEASE, 16);

  @Test
  void jobsOfUnknownLengthAreSharedAmongTheSlots() {
    assertThat(BatchSize.of(16, SIXTEEN, 10, 10, 4, NONE, Optional.empty())).isEqualTo(3);
    assertThat(BatchSize.of(16, SIXTEEN, 10, 10, 1, NONE, Optional.empty())).isEqualTo(10);
    assertThat(BatchSize.of(16, SIXTEEN, 1, 1, 4, NONE, Optional.empty())).isEqualTo(1);
  }

  @Test
  void aSmallGroupIsNotSpreadWhereOthersKeepTheSlotsBusy() {
    assertThat(BatchSize.of(16, SIXTEEN, 4, 54, 8, NONE, Optional.empty())).isEqualTo(4);
    assertThat(BatchSize.of(16, SIXTEEN, 40, 54, 8, NONE, Optional.empty())).isEqualTo(7);
    assertThat(BatchSize.of(16, SIXTEEN, 4, 4, 8, NONE, Optional.empty()))
        .as("idle slots could take them")
        .isEqualTo(1);
  }

  /** Each process costs seconds: ten of twenty jobs, then five, three, one and one were five. */
  @Test
  void whoHasAsMuchToDoAlreadySharesNothing() {
    assertThat(shareOf(20, 2)).isEqualTo(10);
    assertThat(shareOf(10, 2, 10)).isEqualTo(10);
    assertThat(shareOf(10, 2, 5)).as("so that both have eight").isEqualTo(8);
    assertThat(shareOf(10, 2, 1)).isEqualTo(6);
    assertThat(shareOf(10, 4, 9, 2)).as("another one is idle").isEqualTo(4);
    assertThat(shareOf(10, 1, 3, 3)).as("slots that are gone meanwhile").isEqualTo(6);
  }

  private static int shareOf(int waiting, int slots, Integer... ahead) {
    return BatchSize.of(16, SIXTEEN, waiting, waiting, slots, List.of(ahead), Optional.empty());
  }

  @Test
  void jobsThatAreDoneInAMomentAreTakenTogether() {
    assertThat(BatchSize.of(16, SIXTEEN, 30, 30, 16, NONE, millis(40))).isEqualTo(16);
    assertThat(BatchSize.of(16, SIXTEEN, 30, 30, 16, NONE, millis(1000))).isEqualTo(5);
    assertThat(BatchSize.of(16, SIXTEEN, 3, 3, 16, NONE, millis(0))).isEqualTo(3);
  }

  @Test
  void noMoreThanALeaseOfWorkIsLostWithAWorker() {
    assertThat(BatchSize.of(16, SIXTEEN, 100, 100, 1, NONE, millis(10_000))).isEqualTo(6);
    assertThat(BatchSize.of(16, SIXTEEN, 100, 100, 1, NONE, millis(45_000))).isEqualTo(1);
    LeasePolicy brief = new LeasePolicy(Duration.ofSeconds(2), 16);
    assertThat(BatchSize.of(16, brief, 100, 100, 1, NONE, millis(240))).isEqualTo(8);
  }

  @Test
  void manyShortJobsAreOneProcessAndManyOfUnknownLengthAreNot() {
    LeasePolicy many = new LeasePolicy(LEASE, 64);
    assertThat(BatchSize.of(64, many, 20, 20, 1, NONE, millis(400))).isEqualTo(20);
    assertThat(BatchSize.of(64, many, 200, 200, 1, NONE, millis(400))).isEqualTo(64);
    assertThat(BatchSize.of(64, many, 200, 200, 1, NONE, Optional.empty())).isEqualTo(16);
  }

  @Test
  void neverMoreThanAskedForOrAllowed() {
    assertThat(BatchSize.of(4, SIXTEEN, 100, 100, 1, NONE, millis(0))).isEqualTo(4);
    assertThat(BatchSize.of(16, new LeasePolicy(LEASE, 8), 100, 100, 1, NONE, millis(10)))
        .isEqualTo(8);
    assertThat(BatchSize.of(0, SIXTEEN, 100, 100, 0, NONE, Optional.empty())).isEqualTo(1);
  }

  private static Optional<Duration> millis(long run) {
    return Optional.of(Duration.ofMillis(run));
  }
}
