package dev.qgjob.scheduler.job;

import dev.qgjob.domain.job.Due;
import dev.qgjob.domain.job.Isolation;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Target;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/**
 * What the row of a job has when it is added: half the columns of {@link JobRow}, for nothing has
 * happened to it. A bulk submission adds them by the hundred, and each column is a parameter.
 */
@Entity
@Table(name = "job")
@SuppressWarnings({"NullAway.Init", "unused"}) // Hibernate reads the fields
class NewJobRow {
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
  boolean interrupted;
  boolean flaky;

  @JdbcTypeCode(SqlTypes.VARCHAR)
  Isolation isolation;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant createdAt;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant dueAt;

  protected NewJobRow() {}

  /**
   * The row of a job that was not kept before.
   *
   * @throws IllegalArgumentException for one to which something has happened
   */
  static NewJobRow of(Job job, String groupId) {
    Job asNew =
        Job.queued(
                job.id(),
                job.runId(),
                job.group(),
                job.testPath(),
                job.part(),
                job.priority(),
                job.retriesLeft(),
                job.createdAt())
            .isolated(job.isolation());
    if (!job.equals(asNew)) {
      throw new IllegalArgumentException("not a new job: " + job);
    }
    NewJobRow row = new NewJobRow();
    row.id = job.id();
    row.runId = job.runId();
    row.groupId = groupId;
    row.orgId = job.group().orgId();
    row.appVersionId = job.group().appVersionId();
    row.build = job.group().build();
    row.target = job.group().target();
    row.testPath = job.testPath();
    row.part = job.part().number();
    row.parts = job.part().of();
    row.priority = job.priority();
    row.state = job.state();
    row.generation = job.generation();
    row.attempt = job.attempt();
    row.brokenAttempts = job.brokenAttempts();
    row.retriesLeft = job.retriesLeft();
    row.interrupted = job.interrupted();
    row.flaky = job.flaky();
    row.isolation = job.isolation();
    row.createdAt = job.createdAt();
    row.dueAt = Due.of(job);
    return row;
  }
}
