package dev.qgjob.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SlotTimeTest {
  @Test
  void aSlotHasTimeFromWhenItIsFree() {
    SlotTime time = new SlotTime(new double[] {100, 0, 20});
    assertThat(time.until(0)).isZero();
    assertThat(time.until(10)).isEqualTo(10);
    assertThat(time.until(20)).isEqualTo(20);
    assertThat(time.until(30)).isEqualTo(40);
    assertThat(time.until(110)).isEqualTo(110 + 90 + 10);
  }

  @Test
  void theLevelIsWhereTheSlotsHaveDoneTheWork() {
    SlotTime time = new SlotTime(new double[] {10, 40, 0});
    assertThat(time.level(5)).isEqualTo(5, within(1e-9));
    assertThat(time.level(30)).isEqualTo(20, within(1e-9));
    assertThat(time.level(130)).isEqualTo(60, within(1e-9));
    assertThat(new SlotTime(new double[] {7}).level(0)).isEqualTo(7);
    assertThat(new SlotTime(new double[0]).level(0)).isInfinite();
  }
}
