package dev.qgjob.scheduler.fleet;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A worker's own queue that is there at the broker. */
@Entity
@Table(name = "worker_queue")
@SuppressWarnings("NullAway.Init")
class WorkerQueueRow {
  @Id String workerId;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  @Nullable Instant removeAt;

  protected WorkerQueueRow() {}

  WorkerQueueRow(String workerId) {
    this.workerId = workerId;
  }
}
