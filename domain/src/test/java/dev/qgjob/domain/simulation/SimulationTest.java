package dev.qgjob.domain.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class SimulationTest {
  @Test
  void all() {
    long first = Long.getLong("simulation.seed", 1);
    boolean one = System.getProperty("simulation.seed") != null;
    long seeds = one ? 1 : Long.getLong("simulation.seeds", 2000);
    Map<String, List<Long>> kinds = new TreeMap<>();
    long began = System.nanoTime();
    for (long seed = first; seed < first + seeds; seed++) {
      Simulation.Result result = Simulation.play(seed, Mutant.NONE, one);
      if (one) {
        result.trace().forEach(System.out::println);
      }
      if (!result.kept()) {
        kinds
            .computeIfAbsent(
                result.violation().replaceAll("[0-9]+", "#"), k -> new ArrayList<>())
            .add(seed);
      }
    }
    System.out.println("seconds " + (System.nanoTime() - began) / 1e9);
    kinds.forEach(
        (k, v) -> System.out.println(v.size() + "\t" + k + "\t" + v.subList(0, Math.min(3, v.size()))));
    assertThat(kinds).isEmpty();
  }
}
