package dev.qgjob.scheduler.access;

import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.access.TokenInfo;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A token's row: the hash of its text, never the text. */
@Entity
@Table(name = "token")
@SuppressWarnings("NullAway.Init")
class TokenRow {
  @Id String id;
  String hash;

  @JdbcTypeCode(SqlTypes.VARCHAR)
  Role role;

  @Nullable String orgId;
  @Nullable String workerId;
  @Nullable String name;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant createdAt;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  @Nullable Instant expiresAt;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  @Nullable Instant revokedAt;

  protected TokenRow() {}

  static TokenRow of(TokenInfo token, String hash) {
    TokenRow row = new TokenRow();
    row.id = token.id();
    row.hash = hash;
    row.role = token.role();
    row.orgId = token.orgId();
    row.workerId = token.workerId();
    row.name = token.name();
    row.createdAt = token.createdAt();
    row.expiresAt = token.expiresAt();
    row.revokedAt = token.revoked() ? token.createdAt() : null;
    return row;
  }

  TokenInfo toInfo() {
    return new TokenInfo(id, role, orgId, workerId, name, createdAt, expiresAt, revokedAt != null);
  }
}
