package dev.qgjob.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;

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
}
