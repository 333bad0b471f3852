package dev.qgjob.scheduler.fleet;

import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.Target;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads slots, for this room and those beside it. */
public final class Slots {
  private static final String LIVE_NOW =
      "s.attached = true and s.lastBeatAt > database_time_after(:back)";
  private static final String LIVE = "s.attached = true and s.lastBeatAt > :since";

  private final EntityManager entities;

  public Slots(EntityManager entities) {
    this.entities = entities;
  }

  /** Slots of a target whose consumers are attached by a beat after this moment. */
  public List<Slot> live(Target target, Instant since) {
    return where("s.target = :target and " + LIVE, Map.of("target", target, "since", since));
  }

  /** Ids of the slots of a target that are attached by a beat within the last {@code lease}. */
  public Set<String> liveIds(Target target, Duration lease) {
    return new HashSet<>(
        entities
            .createQuery(
                "select s.id from SlotRow s where s.target = :target and " + LIVE_NOW, String.class)
            .setParameter("target", target)
            .setParameter("back", -lease.toNanos() / 1000)
            .getResultList());
  }

  int countLiveAndNotHeld(Target target, Duration lease) {
    return entities
        .createQuery(
            "select count(*) from SlotRow s where s.target = :target and "
                + LIVE_NOW
                + " and not exists (select 1 from SlotHoldRow h"
                + " where h.slotId = s.id and h.heldUntil > database_time())",
            Long.class)
        .setParameter("target", target)
        .setParameter("back", -lease.toNanos() / 1000)
        .getSingleResult()
        .intValue();
  }

  /** Targets that have a slot that is attached by a beat within the last {@code lease}. */
  public Set<Target> liveTargets(Duration lease) {
    Set<Target> targets = EnumSet.noneOf(Target.class);
    targets.addAll(
        entities
            .createQuery("select distinct s.target from SlotRow s where " + LIVE_NOW, Target.class)
            .setParameter("back", -lease.toNanos() / 1000)
            .getResultList());
    return targets;
  }

  List<Slot> where(String condition, Map<String, ?> parameters) {
    TypedQuery<SlotRow> query =
        entities.createQuery(
            "select s from SlotRow s where " + condition + " order by s.id", SlotRow.class);
    parameters.forEach(query::setParameter);
    List<Slot> slots = query.getResultList().stream().map(SlotRow::toSlot).toList();
    entities.clear();
    return slots;
  }
}
