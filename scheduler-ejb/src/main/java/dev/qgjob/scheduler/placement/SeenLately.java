package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.fleet.Slot;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The slots of a target that this server saw live within the last hour: a worker that is upgraded
 * and a phone that charges return. Rows cannot tell: those of slots that leave are gone, and those
 * that are there and take no job look as if they were heard of. One tick of a target runs at a
 * time.
 */
final class SeenLately {
  private static final Duration WITHIN = Duration.ofHours(1);

  private final Map<String, Seen> seen = new HashMap<>();

  private record Seen(Slot slot, Instant at) {}

  /** Notes what is live now; what was live within the hour, these included. */
  synchronized List<Slot> look(Collection<Slot> live, Instant now) {
    live.forEach(slot -> seen.put(slot.id(), new Seen(slot, now)));
    Instant since = now.minus(WITHIN);
    seen.values().removeIf(one -> one.at().isBefore(since));
    return seen.values().stream().map(Seen::slot).toList();
  }
}
