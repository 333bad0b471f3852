package dev.qgjob.scheduler.submit;

import dev.qgjob.domain.submit.Build;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A build's row; its key keeps two submissions from opening the same number. */
@Entity
@Table(name = "build")
@SuppressWarnings("NullAway.Init")
class BuildRow {
  /** Which build; {@code number} from 1 within the app version. */
  @Embeddable
  record Key(String orgId, String appVersionId, int number) {}

  @EmbeddedId Key key;
  String sha256;
  String fileName;
  long size;
  String packageName;
  @Nullable String versionName;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant createdAt;

  protected BuildRow() {}

  static BuildRow of(Build build) {
    BuildRow row = new BuildRow();
    row.key = new Key(build.orgId(), build.appVersionId(), build.number());
    row.sha256 = build.sha256();
    row.fileName = build.fileName();
    row.size = build.size();
    row.packageName = build.packageName();
    row.versionName = build.versionName();
    row.createdAt = build.createdAt();
    return row;
  }

  Build toBuild() {
    return new Build(
        key.orgId(),
        key.appVersionId(),
        key.number(),
        sha256,
        fileName,
        size,
        packageName,
        versionName,
        createdAt);
  }
}
