package dev.qgjob.domain.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.job.Lease;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AbsenceTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration LENGTH = Duration.ofSeconds(10);

  private final Absence absence = new Absence(NOON, NOON.plusSeconds(60));

  @Test
  void explainsALeaseThatRanOutInIt() {
    assertThat(absence.explains(until(NOON.plusSeconds(5)), LENGTH)).isTrue();
  }

  @Test
  void explainsALeaseThatWasRenewedBeforeItsEndForTheLastTime() {
    assertThat(absence.explains(until(NOON.plusSeconds(69)), LENGTH)).isTrue();
  }

  @Test
  void doesNotExplainALeaseThatRanOutBefore() {
    assertThat(absence.explains(until(NOON), LENGTH)).isFalse();
  }

  @Test
  void doesNotExplainALeaseThatWasRenewedAfterwards() {
    assertThat(absence.explains(until(NOON.plusSeconds(70)), LENGTH)).isFalse();
  }

  @Test
  void noneExplainsNothing() {
    assertThat(Absence.NONE.explains(until(NOON), LENGTH)).isFalse();
  }

  private static Lease until(Instant end) {
    return new Lease("token", "slot", "worker", 1, end);
  }
}
