package dev.qgjob.lab.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FairnessTest {
  private static double[] share(double slots, double[] weights, int... demand) {
    return Fairness.maxMin(slots, weights, demand, new int[demand.length]);
  }

  @Test
  void nobodyGetsMoreSlotsThanJobs() {
    assertThat(share(8, new double[] {1, 1, 1}, 1, 100, 100)).containsExactly(1, 3.5, 3.5);
  }

  @Test
  void weightsCount() {
    assertThat(share(8, new double[] {1, 3}, 100, 100)).containsExactly(2, 6);
  }

  @Test
  void whoHasNoWeightHasNoPart() {
    assertThat(share(8, new double[] {0, 1}, 100, 3)).containsExactly(0, 3);
  }
}
