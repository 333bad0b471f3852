package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.placement.Minutes;
import dev.qgjob.scheduler.database.DatabaseClock;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.Map;

/** The minutes of BrowserStack of the orgs that may use only so many. */
public final class OrgMinutes {
  private static final String OF_ALL =
      """
      select o.id, o.browserstack_minutes, m.used_ms from org o
        left join org_minutes m on m.org_id = o.id and m.used_month = :month
      where o.browserstack_minutes is not null
      """;

  private final EntityManager entities;
  private final DatabaseClock clock;

  public OrgMinutes(EntityManager entities) {
    this.entities = entities;
    this.clock = DatabaseClock.of(entities);
  }

  /** By org; an org that is missing may use any number. */
  public Map<String, Minutes> now() {
    Instant now = clock.now(entities);
    Map<String, Minutes> byOrg = new HashMap<>();
    for (Object row :
        entities
            .createNativeQuery(OF_ALL)
            .setParameter("month", Minutes.monthOf(now).toString())
            .getResultList()) {
      Object[] c = (Object[]) row;
      long used = c[2] == null ? 0 : ((Number) c[2]).longValue();
      byOrg.put(
          (String) c[0],
          new Minutes(
              ((Number) c[1]).intValue(), Duration.ofMillis(used), Minutes.resetAfter(now)));
    }
    return byOrg;
  }

  /** Adds to what an org has used in a month; of one transaction at a time. */
  void add(String orgId, YearMonth month, Duration more) {
    entities
        .createNativeQuery(
            """
            insert into org_minutes (org_id, used_month, used_ms) values (:org, :month, :more)
            on duplicate key update used_ms = used_ms + values(used_ms)
            """)
        .setParameter("org", orgId)
        .setParameter("month", month.toString())
        .setParameter("more", more.toMillis())
        .executeUpdate();
  }
}
