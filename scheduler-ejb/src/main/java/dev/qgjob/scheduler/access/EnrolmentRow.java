package dev.qgjob.scheduler.access;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A one-time code's row: its hash, and when it was used. */
@Entity
@Table(name = "enrolment")
@SuppressWarnings("NullAway.Init")
class EnrolmentRow {
  @Id String hash;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant createdAt;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant expiresAt;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  @Nullable Instant usedAt;

  boolean untrusted;

  protected EnrolmentRow() {}
}
