package dev.qgjob.scheduler.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeenLatelyTest {
  private static final Instant NOW = Instant.parse("2026-03-01T09:00:00Z");
  private static final Slot SLOT =
      new Slot("s1", "w1", Target.DEVICE, "u", Map.of(), Map.of(), true, 1, NOW);

  private final SeenLately lately = new SeenLately();

  @Test
  void aSlotThatLeftIsRememberedForAnHour() {
    lately.look(List.of(SLOT), NOW);
    assertThat(lately.look(List.of(), NOW.plus(Duration.ofMinutes(59)))).containsExactly(SLOT);
    assertThat(lately.look(List.of(), NOW.plus(Duration.ofMinutes(61)))).isEmpty();
  }

  @Test
  void oneThatIsLiveCountsFromNow() {
    lately.look(List.of(SLOT), NOW);
    lately.look(List.of(SLOT), NOW.plus(Duration.ofMinutes(40)));
    assertThat(lately.look(List.of(), NOW.plus(Duration.ofMinutes(80)))).containsExactly(SLOT);
  }
}
