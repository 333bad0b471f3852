package dev.qgjob.lab.faults.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.lab.faults.site.Choice;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final Choice ALL_APART =
      new Choice(Choice.Database.MYSQL, Choice.Broker.EXTERNAL, 6, Duration.ofSeconds(2));
  private static final Choice ALL_IN_ONE =
      new Choice(Choice.Database.H2, Choice.Broker.EMBEDDED, 6, Duration.ofSeconds(2));

  @Test
  void aSeedMakesTheSamePlanAgainAndAnotherSeedAnother() {
    Size size = Size.full(1_000);
    assertThat(Plan.of(7, size, ALL_APART)).isEqualTo(Plan.of(7, size, ALL_APART));
    assertThat(Plan.of(7, size, ALL_APART)).isNotEqualTo(Plan.of(8, size, ALL_APART));
  }

  @Test
  void everySpecIsItsOwnAndThereAreAsManyAsAskedFor() {
    List<String> specs =
        Plan.of(1, Size.full(2_000), ALL_APART).shipments().stream()
            .flatMap(shipment -> shipment.tests().stream())
            .toList();
    assertThat(specs).hasSize(2_000);
    Set<String> different = new HashSet<>(specs);
    assertThat(different).hasSize(2_000);
    assertThat(specs.stream().filter(spec -> spec.contains("kill-worker"))).hasSize(5);
  }

  @Test
  void onlyWhatIsAProcessOfItsOwnIsKilled() {
    assertThat(Plan.of(1, Size.full(100), ALL_IN_ONE).infrastructure())
        .extracting(Strike::kind)
        .containsOnly(Kind.SERVER_KILL, Kind.BROKER_WIPE);
    assertThat(Plan.of(1, Size.full(100), ALL_APART).infrastructure())
        .extracting(Strike::kind)
        .contains(Kind.SERVER_KILL, Kind.BROKER_KILL, Kind.DATABASE_KILL, Kind.BROKER_WIPE);
  }

  @Test
  void theCountsAreThoseOfTheSize() {
    Plan plan = Plan.of(1, Size.full(100), ALL_APART);
    assertThat(plan.crew().stream().filter(strike -> strike.kind() == Kind.WORKER_KILL))
        .hasSize(80);
    assertThat(plan.crew()).hasSize(175);
    assertThat(plan.infrastructure()).hasSize(66);
  }
}
