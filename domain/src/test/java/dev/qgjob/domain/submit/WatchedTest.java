package dev.qgjob.domain.submit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.lease.Absence;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class WatchedTest {
  private static final Instant SEEN = Instant.parse("2026-03-01T12:00:00Z");
  private static final Watched RUN = new Watched("r1", SEEN, Duration.ofMinutes(10));

  @Test
  void itIsAbandonedOnceNobodyWasHeardForSoLong() {
    assertThat(RUN.abandoned(SEEN.plusSeconds(599), Absence.NONE)).isFalse();
    assertThat(RUN.abandoned(SEEN.plusSeconds(600), Absence.NONE)).isTrue();
  }

  @Test
  void whileNoServerWorkedNobodyCouldBeHeard() {
    Absence absence = new Absence(SEEN.plusSeconds(5), SEEN.plusSeconds(3000));
    assertThat(RUN.abandoned(SEEN.plusSeconds(3001), absence)).isFalse();
    assertThat(RUN.abandoned(SEEN.plusSeconds(3600), absence)).isTrue();
  }
}
