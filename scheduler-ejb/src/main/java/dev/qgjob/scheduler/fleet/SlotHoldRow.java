package dev.qgjob.scheduler.fleet;

import dev.qgjob.domain.fleet.Hold;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A slot that somebody has to themselves. */
@Entity
@Table(name = "slot_hold")
@SuppressWarnings("NullAway.Init")
class SlotHoldRow {
  @Id String slotId;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant heldUntil;

  String reason;
  String heldBy;

  protected SlotHoldRow() {}

  static SlotHoldRow of(Hold hold) {
    SlotHoldRow row = new SlotHoldRow();
    row.slotId = hold.slotId();
    row.heldUntil = hold.until();
    row.reason = hold.reason();
    row.heldBy = hold.by();
    return row;
  }

  Hold toHold() {
    return new Hold(slotId, heldUntil, reason, heldBy);
  }
}
