package dev.qgjob.worker.health;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells one phone that went away from a host that lost several at once: a hub, a cable, its power,
 * the adb server. Pure; not thread-safe.
 */
final class HostWatch {
  /** Phones that vanish within this time vanish for one reason. */
  static final Duration TOGETHER = Duration.ofSeconds(5);

  private final Map<String, Long> leftAt = new HashMap<>();

  /**
   * These slots went away now.
   *
   * @return all slots of the event of which they are part; empty when it is no event of the host's
   */
  Set<String> left(Set<String> slots, long now) {
    leftAt.values().removeIf(at -> now - at > TOGETHER.toNanos());
    slots.forEach(slot -> leftAt.put(slot, now));
    return leftAt.size() > 1 && !slots.isEmpty() ? new TreeSet<>(leftAt.keySet()) : Set.of();
  }

  /** Whether one beside this has left and was not seen again since. */
  boolean knowsAnother(String slot) {
    return leftAt.keySet().stream().anyMatch(other -> !other.equals(slot));
  }

  /** This slot is there again. */
  void came(String slot) {
    leftAt.remove(slot);
  }
}
