package dev.qgjob.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.placement.Ledger.Entry;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LedgerTest {
  private static final Duration TEN = Duration.ofSeconds(10);

  private static Map<String, Entry> keep(
      Map<String, Entry> before, Map<String, Duration> used, Set<String> active) {
    return Ledger.keep(before, used, active, Map.of("heavy", 2.0, "guest", 0.0));
  }

  @Test
  void whatIsUsedCountsByWeight() {
    Map<String, Entry> before =
        Map.of("a", new Entry(5, true), "heavy", new Entry(5, true), "idle", new Entry(9, false));
    assertThat(keep(before, Map.of("a", TEN, "heavy", TEN), Set.of("a", "heavy")))
        .isEqualTo(Map.of("a", new Entry(10_005, true), "heavy", new Entry(5_005, true)));
  }

  @Test
  void whoReturnsHasNoCredit() {
    Map<String, Entry> before =
        Map.of(
            "a", new Entry(5_000, true),
            "b", new Entry(8_000, true),
            "back", new Entry(10, false),
            "owing", new Entry(9_000, false));
    Map<String, Entry> after = keep(before, Map.of(), Set.of("a", "b", "back", "owing", "new"));
    assertThat(after.get("back")).isEqualTo(new Entry(5_000, true));
    assertThat(after.get("new")).isEqualTo(new Entry(5_000, true));
    assertThat(after.get("owing")).as("a debt stays").isEqualTo(new Entry(9_000, true));
    assertThat(after).doesNotContainKeys("a", "b");
  }

  @Test
  void afterNobodyWantedAnythingAllBeginAlike() {
    Map<String, Entry> before = Map.of("a", new Entry(7_000, false), "b", new Entry(10, false));
    assertThat(keep(before, Map.of(), Set.of("a", "b", "c")).values())
        .containsOnly(new Entry(7_000, true));
  }

  @Test
  void whoStopsIsNotedAsIdle() {
    assertThat(keep(Map.of("a", new Entry(5, true)), Map.of("a", TEN), Set.of()))
        .isEqualTo(Map.of("a", new Entry(10_005, false)));
    assertThat(keep(Map.of("a", new Entry(5, false)), Map.of(), Set.of())).isEmpty();
  }

  @Test
  void weightZeroNeitherOwesNorSetsThePace() {
    Map<String, Entry> before = Map.of("guest", new Entry(0, true), "a", new Entry(9_000, true));
    Map<String, Entry> after = keep(before, Map.of("guest", TEN), Set.of("guest", "a", "new"));
    assertThat(after).isEqualTo(Map.of("new", new Entry(9_000, true)));
  }
}
