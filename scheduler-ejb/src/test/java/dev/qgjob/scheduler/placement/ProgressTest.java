package dev.qgjob.scheduler.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private static final Instant NINE = Instant.parse("2026-03-01T09:00:00Z");

  private final Progress progress = new Progress();

  private Instant look(int second, Instant taken, int jobs) {
    return progress
        .look(Map.of("s1", new Progress.Work(taken, jobs)), NINE.plusSeconds(second))
        .get("s1");
  }

  @Test
  void theNextJobBeganWhenAnEarlierOneWasSeenToHaveEnded() {
    assertThat(look(10, NINE, 3)).isEqualTo(NINE);
    assertThat(look(20, NINE, 2)).isEqualTo(NINE.plusSeconds(20));
    assertThat(look(25, NINE, 2)).isEqualTo(NINE.plusSeconds(20));
    assertThat(look(40, NINE, 1)).isEqualTo(NINE.plusSeconds(40));
  }

  @Test
  void whatIsTakenAnewBeginsAnew() {
    look(10, NINE, 2);
    assertThat(look(20, NINE.plusSeconds(15), 1)).isEqualTo(NINE.plusSeconds(15));
    assertThat(progress.look(Map.of(), NINE.plusSeconds(30))).isEmpty();
    assertThat(look(40, NINE.plusSeconds(35), 1)).isEqualTo(NINE.plusSeconds(35));
  }
}
