package dev.qgjob.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.job.Target;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class FigureTest {
  private static Figure of(long... seconds) {
    Figure figure = Figure.first(Duration.ofSeconds(seconds[0]));
    for (int i = 1; i < seconds.length; i++) {
      figure = figure.and(Duration.ofSeconds(seconds[i]));
    }
    return figure;
  }

  @Test
  void followsWhatIsMeasured() {
    assertThat(of(10).mean()).isEqualTo(Duration.ofSeconds(10));
    assertThat(of(10, 20).mean()).isEqualTo(Duration.ofSeconds(13));
    assertThat(of(10, 10, 10, 10, 30, 30, 30, 30, 30, 30, 30, 30).mean())
        .isBetween(Duration.ofSeconds(28), Duration.ofSeconds(30));
  }

  @Test
  void oneOutlierDoesNotCarryItAway() {
    Figure before = of(10, 10, 10);
    Figure after = before.and(Duration.ofHours(5));
    assertThat(after.mean()).isEqualTo(Duration.ofSeconds(19));
  }

  @Test
  void aNegativeTimeIsNone() {
    assertThat(of(10).and(Duration.ofSeconds(-3))).isEqualTo(of(10));
    assertThat(Figure.first(Duration.ofSeconds(-3)).mean()).isZero();
  }

  @Test
  void steadyTimesNarrowTheSpread() {
    assertThat(of(10).high()).isEqualTo(Duration.ofSeconds(18));
    assertThat(of(10, 10, 10, 10, 10, 10, 10, 10).high()).isLessThan(Duration.ofSeconds(11));
  }

  @Test
  void keysOfDifferentThingsDiffer() {
    String spec = FigureKey.spec("a", "p", Target.DEVICE, "").id();
    assertThat(spec)
        .isNotEqualTo(FigureKey.run("a", "p", Target.DEVICE).id())
        .isNotEqualTo(FigureKey.spec("a", "p", Target.EMULATOR, "").id())
        .isEqualTo(FigureKey.spec("a", "p", Target.DEVICE, "").id());
  }

  @Test
  void whatIsOverdueRunsOnForAPartOfItsTime() {
    Duration minute = Duration.ofMinutes(1);
    assertThat(Remaining.of(minute, Duration.ofSeconds(20))).isEqualTo(Duration.ofSeconds(40));
    assertThat(Remaining.of(minute, minute)).isEqualTo(Duration.ofSeconds(15));
    assertThat(Remaining.of(minute, Duration.ofMinutes(40))).isEqualTo(Duration.ofMinutes(10));
  }
}
