package dev.qgjob.worker.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TogetherTest {
  /** Tells what a test has it tell. */
  private static final class Told implements SlotSource {
    private Consumer<List<Found>> changed = slots -> {};
    private boolean closed;

    @Override
    public void start(Consumer<List<Found>> changed) {
      this.changed = changed;
      changed.accept(List.of());
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private static Found phone(String udid) {
    return new Found(Target.DEVICE, udid, Map.of());
  }

  @Test
  void theListIsAlwaysThatOfAllSourcesInTheirOrder() {
    Told first = new Told();
    Told second = new Told();
    List<List<Found>> lists = new ArrayList<>();
    try (Together together =
        new Together(List.of(SlotSource.fixed(List.of(phone("FIXED"))), first, second))) {
      together.start(lists::add);
      // one that has only the first sources' slots would take the others for gone
      assertThat(lists).containsExactly(List.of(phone("FIXED")));
      second.changed.accept(List.of(phone("B")));
      first.changed.accept(List.of(phone("A")));
      assertThat(lists.get(2)).containsExactly(phone("FIXED"), phone("A"), phone("B"));
      second.changed.accept(List.of());
      assertThat(lists.get(3)).containsExactly(phone("FIXED"), phone("A"));
    }
    assertThat(first.closed).isTrue();
    assertThat(second.closed).isTrue();
  }
}
