package dev.qgjob.domain.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Promises under faults, seed by seed. {@code -Dsimulation.seeds=100000} plays more of them, {@code
 * -Dsimulation.first=N} others, {@code -Dsimulation.seed=N} tells the story of one.
 */
final class SimulationTest {
  private static final long FEW = 1_000;

  @Test
  void everySeedKeepsEveryPromise() {
    long first = Long.getLong("simulation.first", 1);
    long count = Long.getLong("simulation.seeds", FEW);
    Seeds.Outcome outcome = Seeds.play(first, count, Runtime.getRuntime().availableProcessors());
    System.out.printf(
        "simulation: %d seeds from %d in %.1f s, %.0f a minute%n",
        outcome.played(), first, outcome.seconds(), outcome.perMinute());
    for (Seeds.Broken broken : outcome.broken()) {
      System.out.println(broken.promise() + "\n  " + Seeds.replay(broken.seed()));
    }
    assertThat(outcome.broken()).isEmpty();
    assertThat(outcome.played()).isEqualTo(count);
  }

  @Test
  @EnabledIfSystemProperty(named = "simulation.seed", matches = "[0-9]+")
  void oneSeed() {
    long seed = Long.getLong("simulation.seed", 1);
    Simulation.Result result = Simulation.play(seed, Mutant.NONE, true);
    result.trace().forEach(System.out::println);
    assertThat(result.violation()).isEmpty();
  }

  @Test
  void aSeedAlwaysTellsTheSameStory() {
    for (long seed = 1; seed <= 30; seed++) {
      assertThat(Seeds.story(seed).lines()).isNotEmpty().isEqualTo(Seeds.story(seed).lines());
    }
  }
}
