package dev.qgjob.scheduler.access;

import dev.qgjob.domain.access.Org;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** An org's row. */
@Entity
@Table(name = "org")
@SuppressWarnings("NullAway.Init")
class OrgRow {
  @Id String id;
  String name;

  @JdbcTypeCode(SqlTypes.TIMESTAMP)
  Instant createdAt;

  double weight;
  @Nullable Integer cap;

  @Column(name = "browserstack_minutes")
  @Nullable Integer browserStackMinutes;

  protected OrgRow() {}

  static OrgRow of(Org org) {
    OrgRow row = new OrgRow();
    row.id = org.id();
    row.name = org.name();
    row.createdAt = org.createdAt();
    row.weight = org.weight();
    row.cap = org.cap();
    row.browserStackMinutes = org.browserStackMinutes();
    return row;
  }

  Org toOrg() {
    return new Org(id, name, createdAt, weight, cap, browserStackMinutes);
  }
}
