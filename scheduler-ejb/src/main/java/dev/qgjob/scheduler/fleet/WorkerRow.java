package dev.qgjob.scheduler.fleet;

import dev.qgjob.domain.fleet.Worker;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A worker's row. */
@Entity
@Table(name = "worker")
@SuppressWarnings("NullAway.Init")
class WorkerRow {
  @Id String id;
  String name;
  long incarnation;
  @Nullable String stateProofHash;
  long registration;
  boolean draining;
  boolean untrusted;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  @Nullable Instant lastBeatAt;

  protected WorkerRow() {}

  static WorkerRow of(Worker worker) {
    WorkerRow row = new WorkerRow();
    row.id = worker.id();
    row.name = worker.name();
    row.incarnation = worker.incarnation();
    row.stateProofHash = worker.stateProofHash();
    row.registration = worker.registration();
    row.draining = worker.draining();
    row.lastBeatAt = worker.lastBeatAt();
    row.untrusted = worker.untrusted();
    return row;
  }

  Worker toWorker() {
    return new Worker(
        id, name, incarnation, stateProofHash, registration, draining, lastBeatAt, untrusted);
  }
}
