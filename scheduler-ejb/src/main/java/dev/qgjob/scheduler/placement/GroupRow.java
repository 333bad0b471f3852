package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Target;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A group's row: its home, and how long its jobs and installs take. */
@Entity
@Table(name = "job_group")
@SuppressWarnings("NullAway.Init")
class GroupRow {
  @Id String id;
  String orgId;
  String appVersionId;
  int build;

  @JdbcTypeCode(SqlTypes.VARCHAR)
  Target target;

  @Nullable String homeSlotId;
  @Nullable Long pinnedAt;
  @Nullable Long setUpMs;
  @Nullable Long runMs;

  protected GroupRow() {}

  GroupKey key() {
    return new GroupKey(orgId, appVersionId, build, target);
  }
}
