package dev.qgjob.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.qgjob.domain.placement.FairPart.Taker;
import java.util.List;
import org.junit.jupiter.api.Test;

class FairPartTest {
  private static final double MANY = 1_000;

  @Test
  void orgsShareByTheirWeights() {
    assertThat(FairPart.of(1, List.of(), 10)).isEqualTo(10);
    assertThat(FairPart.of(1, List.of(new Taker(1, MANY)), 10)).isEqualTo(5);
    assertThat(FairPart.of(3, List.of(new Taker(1, MANY), new Taker(1, MANY)), 10))
        .isCloseTo(6, within(1e-9));
  }

  @Test
  void whatOneCannotUseIsForTheOthers() {
    assertThat(FairPart.of(1, List.of(new Taker(1, 1), new Taker(1, MANY)), 10))
        .isCloseTo(4.5, within(1e-9));
    assertThat(FairPart.of(1, List.of(new Taker(5, 0)), 10)).isEqualTo(10);
  }

  @Test
  void weightZeroHasWhatTheOthersLeave() {
    assertThat(FairPart.of(0, List.of(new Taker(1, 3)), 10)).isEqualTo(7);
    assertThat(FairPart.of(0, List.of(new Taker(1, 3), new Taker(0, MANY)), 10)).isEqualTo(3.5);
    assertThat(FairPart.of(0, List.of(new Taker(1, MANY)), 10)).isZero();
    assertThat(FairPart.of(1, List.of(new Taker(0, MANY)), 10)).isEqualTo(10);
  }
}
