package dev.qgjob.domain.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.fleet.Compatibility.Demand;
import dev.qgjob.domain.job.Target;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CompatibilityTest {
  private static final Slot OLD = slot("armeabi-v7a", "26");
  private static final Slot NEW = slot("arm64-v8a,armeabi-v7a", "34");
  private static final Slot SILENT = slot(Map.of());

  private static Slot slot(String abis, String level) {
    return slot(Map.of("abis", abis, "api_level", level));
  }

  private static Slot slot(Map<String, String> capabilities) {
    return new Slot("s", "w", Target.DEVICE, "u", capabilities, Map.of(), true, 1, Instant.EPOCH);
  }

  private static Compatibility app(Demand... files) {
    return new Compatibility(List.of(files), List.of());
  }

  @Test
  void oneAbiInCommonIsEnough() {
    Compatibility arm64 = app(new Demand(Set.of("arm64-v8a", "x86_64"), 0));
    assertThat(arm64.allows(NEW)).isTrue();
    assertThat(arm64.allows(OLD)).isFalse();
  }

  @Test
  void thePhoneHasToBeAsNewAsTheBuildWants() {
    assertThat(app(new Demand(Set.of(), 34)).allows(NEW)).isTrue();
    assertThat(app(new Demand(Set.of(), 34)).allows(OLD)).isFalse();
  }

  @Test
  void theFileThatThePhoneWouldGetDecides() {
    Compatibility both =
        app(new Demand(Set.of("arm64-v8a"), 35), new Demand(Set.of("armeabi-v7a"), 21));
    assertThat(both.allows(OLD)).isTrue();
    assertThat(both.allows(NEW)).as("it gets the one for arm64").isFalse();
    assertThat(app(new Demand(Set.of("x86"), 0), new Demand(Set.of(), 21)).allows(OLD))
        .as("the one without native code is for all others")
        .isTrue();
  }

  @Test
  void allCompanionsHaveToBeInstallable() {
    Compatibility withCompanion =
        new Compatibility(List.of(), List.of(new Demand(Set.of("arm64-v8a"), 0)));
    assertThat(withCompanion.allows(NEW)).isTrue();
    assertThat(withCompanion.allows(OLD)).isFalse();
  }

  @Test
  void whatASlotDoesNotSayKeepsNothingFromIt() {
    assertThat(app(new Demand(Set.of("arm64-v8a"), 34)).allows(SILENT)).isTrue();
    assertThat(app(new Demand(Set.of(), 34)).allows(slot(Map.of("api_level", "Baklava")))).isTrue();
  }

  @Test
  void filesThatAskNothingAreForAll() {
    assertThat(app(new Demand(Set.of(), 1))).isEqualTo(Compatibility.ANY);
  }

  @Test
  void onlyADifferenceIsHeeded() {
    Compatibility recent = app(new Demand(Set.of(), 30));
    assertThat(recent.among(List.of(OLD, NEW), List::of)).isEqualTo(recent);
    assertThat(recent.among(List.of(NEW, SILENT), List::of)).isEqualTo(Compatibility.ANY);
    assertThat(recent.among(List.of(OLD), () -> List.of(OLD)))
        .as("its refusal is the verdict")
        .isEqualTo(Compatibility.ANY);
    assertThat(recent.among(List.of(OLD), () -> List.of(OLD, NEW)))
        .as("one that will do may return")
        .isEqualTo(recent);
    assertThat(recent.among(List.of(), List::of)).isEqualTo(Compatibility.ANY);
  }
}
