package dev.qgjob.scheduler.job;

import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** The beginning of an attempt. */
@Entity
@Table(name = "attempt")
@SuppressWarnings("NullAway.Init")
class AttemptRow {
  @EmbeddedId AttemptKey key;
  long generation;
  String leaseToken;
  String slotId;
  String workerId;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant startedAt;

  protected AttemptRow() {}
}
