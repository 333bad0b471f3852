package dev.qgjob.scheduler.job;

import dev.qgjob.domain.job.Requeue;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** Why a job got its generation. */
@Entity
@Table(name = "requeue")
@SuppressWarnings("NullAway.Init")
class RequeueRow {
  @EmbeddedId RequeueKey key;

  @JdbcTypeCode(SqlTypes.VARCHAR)
  Requeue.Reason reason;

  @Nullable String slotId;
  boolean shared;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant happenedAt;

  protected RequeueRow() {}

  static RequeueRow of(Requeue requeue) {
    RequeueRow row = new RequeueRow();
    row.key = new RequeueKey(requeue.jobId(), requeue.generation());
    row.reason = requeue.reason();
    row.slotId = requeue.slotId();
    row.shared = requeue.shared();
    row.happenedAt = requeue.at();
    return row;
  }

  Requeue toRequeue() {
    return new Requeue(key.jobId(), key.generation(), reason, slotId, shared, happenedAt);
  }
}
