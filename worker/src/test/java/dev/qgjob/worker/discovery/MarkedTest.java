package dev.qgjob.worker.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.protocol.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarkedTest {
  private static final SlotSource PHONE =
      SlotSource.fixed(
          List.of(new Found(Target.DEVICE, "R58", Map.of("model", "Pixel 8", "shelf", "?"))));

  @Test
  void everySlotGetsWhatAPersonSaysOfIt() {
    List<Found> told = new ArrayList<>();

    new Marked(PHONE, Map.of("untrusted", "true", "shelf", "2")).start(told::addAll);

    assertThat(told)
        .containsExactly(
            new Found(
                Target.DEVICE,
                "R58",
                Map.of("model", "Pixel 8", "shelf", "2", "untrusted", "true")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "unavailable", "Shelf", "a b"})
  void whatCannotBeACapabilityIsRefused(String name) {
    assertThatThrownBy(() -> new Marked(PHONE, Map.of(name, "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + name + "' is no name of a capability");
  }
}
