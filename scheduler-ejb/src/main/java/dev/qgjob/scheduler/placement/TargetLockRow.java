package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.job.Target;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** Whoever holds a target's row decides for that target. */
@Entity
@Table(name = "target_lock")
@SuppressWarnings("NullAway.Init")
class TargetLockRow {
  @Id
  @JdbcTypeCode(SqlTypes.VARCHAR)
  Target target;

  protected TargetLockRow() {}
}
