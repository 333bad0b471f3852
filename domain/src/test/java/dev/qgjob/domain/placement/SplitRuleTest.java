package dev.qgjob.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class SplitRuleTest {
  private static double gain(int work, int slots, int setUp) {
    return SplitRule.gainSeconds(work, slots, setUp);
  }

  @Test
  void itPaysIffTheWorkExceedsTheInstallsOfAllSlots() {
    assertThat(gain(61, 2, 30)).isPositive();
    assertThat(gain(60, 2, 30)).isZero();
    assertThat(gain(59, 2, 30)).isNegative();
  }

  @Test
  void theGainIsTheDifferenceOfTheTwoEnds() {
    assertThat(gain(100, 1, 20)).isCloseTo(100.0 - (100 + 20) / 2.0, within(1e-9));
    assertThat(gain(100, 3, 20)).isCloseTo(100.0 / 3 - (100 + 20) / 4.0, within(1e-9));
  }

  @Test
  void aSlotThatHoldsTheBuildAlwaysHelps() {
    assertThat(gain(1, 50, 0)).isPositive();
  }
}
