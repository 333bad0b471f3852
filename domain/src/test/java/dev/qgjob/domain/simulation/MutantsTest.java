package dev.qgjob.domain.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Does the simulation see anything? What is broken on purpose must be caught. */
final class MutantsTest {
  private static final long WITHIN = 3_000;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void isCaught(Mutant mutant) {
    int threads = Runtime.getRuntime().availableProcessors();
    Seeds.Outcome outcome = Seeds.play(1, WITHIN, threads, mutant, 1);
    assertThat(outcome.broken()).as("%s in %d seeds", mutant, outcome.played()).isNotEmpty();
    Seeds.Broken first = outcome.broken().get(0);
    System.out.printf("mutant %s: seed %d: %s%n", mutant, first.seed(), first.promise());
  }
}
