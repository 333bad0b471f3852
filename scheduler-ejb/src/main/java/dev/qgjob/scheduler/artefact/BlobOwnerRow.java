package dev.qgjob.scheduler.artefact;

import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** An org has uploaded these bytes. */
@Entity
@Table(name = "blob_owner")
@SuppressWarnings("NullAway.Init")
class BlobOwnerRow {
  /** Whose, and which bytes. */
  @Embeddable
  record Key(String orgId, String sha256) {}

  @EmbeddedId Key key;
  long size;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant createdAt;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant usedAt;

  protected BlobOwnerRow() {}
}
