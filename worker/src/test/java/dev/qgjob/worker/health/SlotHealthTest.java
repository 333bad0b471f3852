package dev.qgjob.worker.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.worker.health.SlotHealth.Fit;
import dev.qgjob.worker.health.SlotHealth.Quarantined;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SlotHealthTest {
  private static final long S = Duration.ofSeconds(1).toNanos();

  private static SlotHealth broken(SlotHealth health, int times) {
    SlotHealth now = health;
    for (int i = 0; i < times; i++) {
      now = now.broke("hangs", 0);
    }
    return now;
  }

  @Test
  void threeBreaksInARowAreAQuarantine() {
    assertThat(broken(Fit.NEW, 2)).isInstanceOf(Fit.class);
    assertThat(broken(Fit.NEW, 3))
        .isEqualTo(new Quarantined("3 attempts in a row broke, the last one: hangs", 30 * S, 1));
  }

  @Test
  void workInBetweenBreaksTheRow() {
    assertThat(broken(broken(Fit.NEW, 2).worked(), 2)).isInstanceOf(Fit.class);
  }

  @Test
  void onProbationOneBreakIsEnoughAndTheTimeDoubles() {
    SlotHealth probation = broken(Fit.NEW, 3).probedWell();
    assertThat(probation).isEqualTo(new Fit(0, 1));
    assertThat(probation.broke("again", 0))
        .isEqualTo(new Quarantined("broke again after a quarantine: again", 60 * S, 2));
  }

  @Test
  void workOnProbationMakesItASlotLikeAnyOther() {
    assertThat(broken(Fit.NEW, 3).probedWell().worked()).isEqualTo(Fit.NEW);
  }

  @Test
  void theTimeInQuarantineHasABound() {
    SlotHealth now = Fit.NEW;
    for (int i = 0; i < 200; i++) {
      now = now.unfit("full", 0);
      assertThat(((Quarantined) now).probeAt()).isBetween(30 * S, SlotHealth.LONGEST.toNanos());
    }
    assertThat(((Quarantined) now).probeAt()).isEqualTo(SlotHealth.LONGEST.toNanos());
  }

  @Test
  void anAttemptFromBeforeDoesNotEndAQuarantine() {
    SlotHealth quarantined = Fit.NEW.unfit("hot", 0);
    assertThat(quarantined.worked()).isSameAs(quarantined);
    assertThat(quarantined.broke("x", 5)).isSameAs(quarantined);
  }

  @Test
  void whatTheHostBrokeCountsForNothing() {
    assertThat(broken(Fit.NEW, 3).excused()).isEqualTo(Fit.NEW);
  }
}
