package dev.qgjob.scheduler.access;

import dev.qgjob.scheduler.database.Columns;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A change of who may do what; written once, never changed. */
@Entity
@Table(name = "audit")
@SuppressWarnings("NullAway.Init")
class AuditRow {
  @Id String id;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant happenedAt;

  @Nullable String tokenId;
  String action;
  String subject;

  @Column(length = Columns.LONG_TEXT)
  @Nullable String detail;

  protected AuditRow() {}
}
