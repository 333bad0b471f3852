package dev.qgjob.scheduler.submit;

import dev.qgjob.domain.submit.Watched;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A run that ends when nobody waits for it any more. */
@Entity
@Table(name = "run_watch")
@SuppressWarnings("NullAway.Init")
class RunWatchRow {
  @Id String runId;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant seenAt;

  long patienceMs;

  protected RunWatchRow() {}

  static RunWatchRow of(Watched watched) {
    RunWatchRow row = new RunWatchRow();
    row.runId = watched.runId();
    row.seenAt = watched.seenAt();
    row.patienceMs = watched.patience().toMillis();
    return row;
  }

  Watched toWatched() {
    return new Watched(runId, seenAt, Duration.ofMillis(patienceMs));
  }
}
