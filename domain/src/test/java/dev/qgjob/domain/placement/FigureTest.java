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
    assertThat(of(10, 10, 10, 10, 30, 30, 30, 30, 30, 30, 30, 30).mean())
        .isBetween(Duration.ofSeconds(28), Duration.ofSeconds(30));
  }

  @Test
  void theFirstOfAFewCountsNoMoreThanTheOthers() {
    assertThat(of(30, 6).mean()).isEqualTo(Duration.ofSeconds(18));
    assertThat(of(30, 6, 6).mean()).isEqualTo(Duration.ofSeconds(14));
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
  void whatIsOverdueRunsOnForAsLongAgain() {
    Duration minute = Duration.ofMinutes(1);
    assertThat(Remaining.of(minute, Duration.ofSeconds(20))).isEqualTo(Duration.ofSeconds(40));
    assertThat(Remaining.of(minute, minute)).isEqualTo(minute);
    assertThat(Remaining.of(minute, Duration.ofMinutes(40))).isEqualTo(Duration.ofMinutes(40));
  }

  @Test
  void whatHasNotBegunTakesItsTimeHoweverOverdueTheFirstIs() {
    Duration minute = Duration.ofMinutes(1);
    Duration four = Duration.ofMinutes(4);
    assertThat(Remaining.of(minute, four, 4, minute)).isEqualTo(four);
    assertThat(Remaining.of(Duration.ZERO, four, 4, Duration.ofMinutes(10)))
        .isEqualTo(Duration.ofMinutes(13));
    assertThat(Remaining.of(Duration.ZERO, minute, 1, Duration.ofMinutes(10)))
        .isEqualTo(Duration.ofMinutes(10));
  }

  /** 90 % take 20 to 60 ms, 9 % one to two seconds, 1 % six: what is overdue is one of the last. */
  @Test
  void anOverdueSlotIsLaterThanOneOfTheSameWorkThatIsNot() {
    Duration mean = Duration.ofMillis(230);
    for (int busy = 0; busy < 230; busy += 10) {
      assertThat(Remaining.of(mean, Duration.ofMillis(230)))
          .isGreaterThanOrEqualTo(Remaining.of(mean, Duration.ofMillis(busy)));
    }
    assertThat(Remaining.of(mean, Duration.ofSeconds(2))).isGreaterThan(Duration.ofSeconds(1));
  }
}
