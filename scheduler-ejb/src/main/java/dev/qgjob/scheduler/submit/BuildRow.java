package dev.qgjob.scheduler.submit;

import dev.qgjob.domain.fleet.Compatibility;
import dev.qgjob.domain.submit.Build;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Convert;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.hibernate.annotations.BatchSize;
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

  @Convert(converter = CompatibilityText.class)
  @Nullable Compatibility compatibility;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant createdAt;

  // read together with the build, for a page of builds in one query more
  @ElementCollection(fetch = FetchType.EAGER)
  @CollectionTable(
      name = "build_binary",
      joinColumns = {
        @JoinColumn(name = "org_id"),
        @JoinColumn(name = "app_version_id"),
        @JoinColumn(name = "number")
      })
  @OrderColumn(name = "position")
  @BatchSize(size = 100)
  List<BinaryPart> binaries = new ArrayList<>();

  protected BuildRow() {}

  static BuildRow of(Build build) {
    BuildRow row = new BuildRow();
    row.key = new Key(build.orgId(), build.appVersionId(), build.number());
    row.sha256 = build.sha256();
    row.fileName = build.fileName();
    row.size = build.size();
    row.packageName = build.packageName();
    row.versionName = build.versionName();
    row.compatibility = build.compatibility();
    row.createdAt = build.createdAt();
    build.binaries().stream().map(BinaryPart::of).forEach(row.binaries::add);
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
        createdAt,
        binaries.stream().map(BinaryPart::toBinary).toList(),
        Compatibility.orAny(compatibility));
  }
}
