package dev.qgjob.scheduler.fleet;

import dev.qgjob.domain.fleet.Hold;
import jakarta.persistence.EntityManager;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The slots that people hold, for this room and those beside it. */
public final class Holds {
  private final EntityManager entities;

  public Holds(EntityManager entities) {
    this.entities = entities;
  }

  /** Those that have not ended, by slot id. */
  public Map<String, Hold> now() {
    Map<String, Hold> holds =
        entities
            .createQuery(
                "select h from SlotHoldRow h where h.heldUntil > database_time()",
                SlotHoldRow.class)
            .getResultStream()
            .map(SlotHoldRow::toHold)
            .collect(Collectors.toMap(Hold::slotId, Function.identity()));
    entities.clear();
    return holds;
  }

  void set(Hold hold) {
    entities.merge(SlotHoldRow.of(hold));
    entities.flush();
    entities.clear();
  }

  boolean release(String slotId) {
    return entities
            .createQuery("delete from SlotHoldRow h where h.slotId = :slot")
            .setParameter("slot", slotId)
            .executeUpdate()
        == 1;
  }
}
