package dev.qgjob.scheduler.artefact;

import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** Bytes of a log whose attempt has left no file of it yet. */
@Entity
@Table(name = "log_piece")
@SuppressWarnings("NullAway.Init")
class LogPieceRow {
  /** The piece of which attempt, from which byte on. */
  @Embeddable
  record Key(String jobId, int attempt, int fromByte) {}

  @EmbeddedId Key key;

  /** The first byte after it. */
  int toByte;

  @JdbcTypeCode(SqlTypes.LONG32VARBINARY)
  byte[] piece;

  protected LogPieceRow() {}
}
