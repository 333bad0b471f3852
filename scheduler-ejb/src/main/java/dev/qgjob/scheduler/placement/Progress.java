package dev.qgjob.scheduler.placement;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * When the job that a slot runs began, of the several that it took together: the database knows
 * when they were taken, and that one has ended since is seen from one look at the board to the
 * next. Safe for concurrent use.
 */
final class Progress {
  private Map<String, Seen> last = Map.of();

  /**
   * What a slot is at.
   *
   * @param taken when it took the first of these
   * @param jobs how many of them have not ended, from 1
   */
  record Work(Instant taken, int jobs) {}

  private record Seen(Work work, Instant began) {}

  /** Since when each slot is at the job that it runs, as far as was seen. */
  synchronized Map<String, Instant> look(Map<String, Work> bySlot, Instant now) {
    Map<String, Seen> seen = new HashMap<>();
    bySlot.forEach((slot, work) -> seen.put(slot, new Seen(work, began(slot, work, now))));
    last = seen;
    Map<String, Instant> began = new HashMap<>();
    seen.forEach((slot, s) -> began.put(slot, s.began()));
    return began;
  }

  private Instant began(String slot, Work work, Instant now) {
    Seen before = last.get(slot);
    if (before == null || !before.work().taken().equals(work.taken())) {
      return work.taken();
    }
    return work.jobs() < before.work().jobs() ? now : before.began();
  }
}
