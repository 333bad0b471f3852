package dev.qgjob.scheduler.submit;

import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

/** A submission's idempotency key and the run that it made. */
@Entity
@Table(name = "run_key")
@SuppressWarnings("NullAway.Init")
class RunKeyRow {
  /** Whose key, and which. */
  @Embeddable
  record Key(String orgId, String idempotencyKey) {}

  @EmbeddedId Key key;
  String runId;
  String bodyHash;

  protected RunKeyRow() {}
}
