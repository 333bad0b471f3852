package dev.qgjob.scheduler.job;

import dev.qgjob.domain.job.FailureKind;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Isolation;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Part;
import dev.qgjob.domain.job.Release;
import dev.qgjob.domain.job.Target;
import dev.qgjob.scheduler.database.Columns;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/**
 * A job's row. Its lease and its current dispatch lie in it: they come and go with its state.
 * {@link NewJobRow} adds it, updates of SQL change it.
 */
@Entity
@Table(name = "job")
@SuppressWarnings("NullAway.Init")
class JobRow {
  @Id String id;
  String runId;
  String groupId;
  String orgId;
  String appVersionId;
  int build;

  @JdbcTypeCode(SqlTypes.VARCHAR)
  Target target;

  String testPath;
  int part;
  int parts;
  int priority;

  @JdbcTypeCode(SqlTypes.VARCHAR)
  JobState state;

  long generation;
  int attempt;
  int brokenAttempts;
  int retriesLeft;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  @Nullable Instant notBefore;

  @Nullable String avoidSlotId;
  boolean interrupted;
  int transfers;

  @JdbcTypeCode(SqlTypes.VARCHAR)
  Isolation isolation;

  @Nullable String leaseToken;
  @Nullable String leaseSlotId;
  @Nullable String leaseWorkerId;
  @Nullable Long leaseIncarnation;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  @Nullable Instant leaseUntil;

  @Nullable Long releasedGeneration;
  @Nullable String releasedSlotId;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  @Nullable Instant releasedAt;

  @Nullable String notedSlotId;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  @Nullable Instant notedAt;

  boolean flaky;

  @JdbcTypeCode(SqlTypes.VARCHAR)
  @Nullable FailureKind failureKind;

  @Column(length = Columns.LONG_TEXT)
  @Nullable String message;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant createdAt;

  /** {@code Due.of}: what an order by it can be read from an index for. */
  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant dueAt;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  @Nullable Instant startedAt;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  @Nullable Instant finishedAt;

  protected JobRow() {}

  Job toJob() {
    return new Job(
        id,
        runId,
        new GroupKey(orgId, appVersionId, build, target),
        testPath,
        new Part(part, parts),
        priority,
        state,
        generation,
        attempt,
        brokenAttempts,
        retriesLeft,
        notBefore,
        avoidSlotId,
        interrupted,
        transfers,
        isolation,
        lease(),
        release(),
        flaky,
        failureKind,
        message,
        createdAt,
        startedAt,
        finishedAt);
  }

  private @Nullable Lease lease() {
    return leaseToken == null
            || leaseSlotId == null
            || leaseWorkerId == null
            || leaseIncarnation == null
            || leaseUntil == null
        ? null
        : new Lease(leaseToken, leaseSlotId, leaseWorkerId, leaseIncarnation, leaseUntil);
  }

  private @Nullable Release release() {
    return releasedGeneration == null || releasedAt == null
        ? null
        : new Release(releasedGeneration, releasedSlotId, releasedAt, notedSlotId, notedAt);
  }
}
