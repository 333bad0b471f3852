package dev.qgjob.scheduler.fleet;

import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.Target;
import dev.qgjob.scheduler.database.Columns;
import dev.qgjob.scheduler.database.TextMap;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.MapKeyColumn;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.hibernate.annotations.Fetch;
import org.hibernate.annotations.FetchMode;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A slot's row, with a row for each app that it holds. */
@Entity
@Table(name = "slot")
@SuppressWarnings("NullAway.Init")
class SlotRow {
  @Id String id;
  String workerId;

  @JdbcTypeCode(SqlTypes.VARCHAR)
  Target target;

  @Nullable String udid;

  @Column(length = Columns.LONG_TEXT)
  @Convert(converter = TextMap.class)
  Map<String, String> capabilities;

  @ElementCollection(fetch = FetchType.EAGER)
  @Fetch(FetchMode.SUBSELECT)
  @CollectionTable(name = "slot_holding", joinColumns = @JoinColumn(name = "slot_id"))
  @MapKeyColumn(name = "package_name")
  @Column(name = "sha256")
  Map<String, String> holds;

  boolean attached;
  long attachment;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant lastBeatAt;

  protected SlotRow() {}

  static SlotRow of(Slot slot) {
    SlotRow row = new SlotRow();
    row.id = slot.id();
    row.workerId = slot.workerId();
    row.target = slot.target();
    row.udid = slot.udid();
    row.capabilities = slot.capabilities();
    row.holds = new HashMap<>(slot.holds());
    row.attached = slot.attached();
    row.attachment = slot.attachment();
    row.lastBeatAt = slot.lastBeatAt();
    return row;
  }

  Slot toSlot() {
    return new Slot(
        id, workerId, target, udid, capabilities, holds, attached, attachment, lastBeatAt);
  }
}
