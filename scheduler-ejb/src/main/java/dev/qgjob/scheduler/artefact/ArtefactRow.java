package dev.qgjob.scheduler.artefact;

import dev.qgjob.domain.report.Artefact;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A file of an attempt. */
@Entity
@Table(name = "artefact")
@SuppressWarnings("NullAway.Init")
class ArtefactRow {
  /** Which file of which attempt. */
  @Embeddable
  record Key(String jobId, int attempt, String name) {}

  @EmbeddedId Key key;
  String contentType;
  long size;
  String sha256;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant createdAt;

  protected ArtefactRow() {}

  static ArtefactRow of(Artefact artefact, Instant now) {
    ArtefactRow row = new ArtefactRow();
    row.key = new Key(artefact.jobId(), artefact.attempt(), artefact.name());
    row.contentType = artefact.contentType();
    row.size = artefact.size();
    row.sha256 = artefact.sha256();
    row.createdAt = now;
    return row;
  }

  Artefact toArtefact() {
    return new Artefact(key.jobId(), key.attempt(), key.name(), contentType, size, sha256);
  }
}
