package dev.qgjob.scheduler.job;

import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.FailureKind;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.report.AttemptReport;
import dev.qgjob.scheduler.database.Columns;
import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** The result of an attempt: one per attempt, by its key. */
@Entity
@Table(name = "attempt_result")
@SuppressWarnings("NullAway.Init")
class AttemptResultRow {
  @EmbeddedId AttemptKey key;

  @JdbcTypeCode(SqlTypes.VARCHAR)
  JobState outcome;

  @JdbcTypeCode(SqlTypes.VARCHAR)
  @Nullable FailureKind failureKind;

  @Column(length = Columns.LONG_TEXT)
  @Nullable String message;

  int installs;
  int stockInstalls;
  long setUpMs;
  long runMs;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant finishedAt;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  @Nullable Instant leaseUntil;

  protected AttemptResultRow() {}

  static AttemptResultRow of(
      AttemptKey key, Transition.EndedAttempt ended, AttemptReport report, Instant now) {
    Ending ending = ended.ending();
    AttemptResultRow row = new AttemptResultRow();
    row.key = key;
    row.outcome = ending.outcome();
    row.failureKind = ending.kind();
    row.message = Columns.readable(ending.message());
    row.installs = report.installs();
    row.stockInstalls = report.stockInstalls();
    row.setUpMs = report.setUp().toMillis();
    row.runMs = report.run().toMillis();
    row.finishedAt = now;
    Lease lease = ended.lease();
    row.leaseUntil = lease == null ? null : lease.until();
    return row;
  }

  Ending ending() {
    return new Ending(outcome, failureKind, message);
  }
}
