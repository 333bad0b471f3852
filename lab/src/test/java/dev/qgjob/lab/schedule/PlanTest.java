package dev.qgjob.lab.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PlanTest {
  @Test
  void deppertAndJansenStayWithinOneAndAHalfOfTheOptimum() {
    for (long seed = 1; seed <= 60; seed++) {
      Workload workload = Small.instance(seed);
      Outcome outcome = new Plan.DeppertJansen().schedule(workload).orElseThrow();
      assertThat(ScheduleCheck.problems(workload, outcome.schedule())).isEmpty();
      assertThat(outcome.makespan())
          .as("seed %s", seed)
          .isBetween(Exact.makespan(workload) - 1e-6, 1.5 * Exact.makespan(workload) + 1e-6);
    }
  }

  @Test
  void theWrapAroundStaysWithinTwiceTheOptimum() {
    for (long seed = 1; seed <= 60; seed++) {
      Workload workload = Small.instance(seed);
      Outcome outcome = new Plan.WrapAround().schedule(workload).orElseThrow();
      assertThat(ScheduleCheck.problems(workload, outcome.schedule())).isEmpty();
      assertThat(outcome.makespan())
          .as("seed %s", seed)
          .isBetween(Exact.makespan(workload) - 1e-6, 2 * Exact.makespan(workload) + 1e-6);
    }
  }

  @Test
  void theOptimumIsNotBelowTheBound() {
    for (long seed = 1; seed <= 60; seed++) {
      Workload workload = Small.instance(seed);
      assertThat(Exact.makespan(workload)).isGreaterThanOrEqualTo(Bounds.makespan(workload) - 1e-3);
    }
  }
}
