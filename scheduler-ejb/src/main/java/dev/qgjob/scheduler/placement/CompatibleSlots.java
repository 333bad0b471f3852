package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.fleet.Compatibility;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.submit.Build;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** On which slots of a target builds can be installed, each question answered once. */
final class CompatibleSlots {
  private final List<Slot> live;
  private final List<Slot> lately;
  private final Map<Question, Compatibility> among = new HashMap<>();
  private final Map<Question, Boolean> exist = new HashMap<>();

  private record Question(Map<String, String> device, Compatibility build) {}

  /**
   * @param lately slots that were live a while ago, and may be again
   */
  CompatibleSlots(List<Slot> live, List<Slot> lately) {
    this.live = live;
    this.lately = lately;
  }

  /** As {@link Compatibility#among}, of the slots that have these capabilities. */
  Compatibility among(Map<String, String> device, Build build) {
    return build.compatibility().equals(Compatibility.ANY)
        ? Compatibility.ANY
        : among.computeIfAbsent(
            new Question(device, build.compatibility()),
            asked -> asked.build().among(having(device, live), () -> having(device, lately)));
  }

  /** One of the live ones has these capabilities and can have the build. */
  boolean exist(Map<String, String> device, Build build) {
    return exist.computeIfAbsent(
        new Question(device, build.compatibility()),
        asked -> having(device, live).stream().anyMatch(asked.build()::allows));
  }

  private static List<Slot> having(Map<String, String> device, List<Slot> slots) {
    return slots.stream().filter(slot -> slot.has(device)).toList();
  }
}
