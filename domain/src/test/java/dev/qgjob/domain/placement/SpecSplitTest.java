package dev.qgjob.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class SpecSplitTest {
  @Test
  void aSpecAloneIsDividedOverTheSlots() {
    assertThat(SpecSplit.parts(600, 600, 4, 30)).isEqualTo(4);
    assertThat(SpecSplit.parts(600, 600, 4, 0)).isEqualTo(4);
    assertThat(SpecSplit.parts(600, 600, 4, 400)).as("an install costs more").isEqualTo(2);
    assertThat(SpecSplit.parts(600, 600, 4, 450)).isEqualTo(1);
  }

  @Test
  void aSpecThatIsNotLongerThanTheRunStaysWhole() {
    assertThat(SpecSplit.parts(60, 600, 4, 0)).isEqualTo(1);
    assertThat(SpecSplit.parts(150, 600, 4, 0)).isEqualTo(1);
    assertThat(SpecSplit.parts(151, 600, 4, 0)).isEqualTo(2);
  }

  @Test
  void oneSlotHasNothingToShare() {
    assertThat(SpecSplit.parts(600, 600, 1, 0)).isEqualTo(1);
    assertThat(SpecSplit.parts(600, 600, 0, 0)).isEqualTo(1);
  }

  @Property
  void whatIsDividedGainsMoreThanAnInstall(
      @ForAll @DoubleRange(min = 0.1, max = 10_000) double spec,
      @ForAll @DoubleRange(min = 0, max = 100_000) double others,
      @ForAll @IntRange(min = 1, max = 200) int slots,
      @ForAll @DoubleRange(min = 0, max = 600) double setUp) {
    int parts = SpecSplit.parts(spec, spec + others, slots, setUp);

    assertThat(parts).isBetween(1, Math.max(1, slots));
    if (parts > 1) {
      assertThat(spec - spec / slots).isGreaterThan(setUp * 0.999);
      assertThat(spec / parts).isLessThanOrEqualTo(setUp + (spec + others) / slots + 1e-6);
    }
  }
}
