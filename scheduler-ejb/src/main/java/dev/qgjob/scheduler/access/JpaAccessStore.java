package dev.qgjob.scheduler.access;

import dev.qgjob.domain.access.AccessStore;
import dev.qgjob.domain.access.AuditEntry;
import dev.qgjob.domain.access.Org;
import dev.qgjob.domain.access.TokenInfo;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Resource;
import dev.qgjob.scheduler.database.DatabaseClock;
import dev.qgjob.scheduler.database.Ids;
import dev.qgjob.scheduler.placement.RunResources;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Orgs, tokens and codes in the database. */
public final class JpaAccessStore implements AccessStore {
  private final EntityManager entities;
  private final DatabaseClock clock;

  public JpaAccessStore(EntityManager entities) {
    this.entities = entities;
    this.clock = DatabaseClock.of(entities);
  }

  @Override
  public Instant now() {
    return clock.now(entities);
  }

  @Override
  public String newId(String prefix) {
    return Ids.next(prefix);
  }

  /** Where two are at it, the key refuses the second, which is then tried again and finds it. */
  private boolean added(Class<?> type, Object id, Object row) {
    boolean there = entities.find(type, id) != null;
    if (!there) {
      entities.persist(row);
      entities.flush();
    }
    entities.clear();
    return !there;
  }

  @Override
  public boolean addOrg(Org org) {
    return added(OrgRow.class, org.id(), OrgRow.of(org));
  }

  @Override
  public Optional<Org> org(String orgId) {
    Optional<Org> org = Optional.ofNullable(entities.find(OrgRow.class, orgId)).map(OrgRow::toOrg);
    entities.clear();
    return org;
  }

  @Override
  public List<Org> orgs() {
    List<Org> orgs =
        entities
            .createQuery("select o from OrgRow o order by o.id", OrgRow.class)
            .getResultStream()
            .map(OrgRow::toOrg)
            .toList();
    entities.clear();
    return orgs;
  }

  @Override
  public void saveShare(Org org) {
    entities
        .createQuery(
            "update OrgRow o set o.weight = :weight, o.cap = :cap,"
                + " o.browserStackMinutes = :minutes where o.id = :id")
        .setParameter("minutes", org.browserStackMinutes())
        .setParameter("weight", org.weight())
        .setParameter("cap", org.cap())
        .setParameter("id", org.id())
        .executeUpdate();
  }

  @Override
  public Map<Target, Integer> caps() {
    Map<Target, Integer> caps = new EnumMap<>(Target.class);
    for (Object row :
        entities
            .createNativeQuery("select target, cap from target_lock where cap is not null")
            .getResultList()) {
      Object[] columns = (Object[]) row;
      caps.put(Target.valueOf((String) columns[0]), ((Number) columns[1]).intValue());
    }
    return caps;
  }

  @Override
  public void saveCap(Target target, @Nullable Integer cap) {
    entities
        .createNativeQuery(
            cap == null
                ? "update target_lock set cap = null where target = :target"
                : "update target_lock set cap = " + cap + " where target = :target")
        .setParameter("target", target.name())
        .executeUpdate();
  }

  @Override
  public List<Resource> resources(String orgId) {
    return new RunResources(entities).ofOrg(orgId);
  }

  @Override
  public void saveResource(Resource resource) {
    int set =
        resource("update resource set most = :most where org_id = :org and name = :name", resource);
    if (set == 0) {
      resource("insert into resource (org_id, name, most) values (:org, :name, :most)", resource);
    }
  }

  private int resource(String statement, Resource resource) {
    return entities
        .createNativeQuery(statement)
        .setParameter("org", resource.orgId())
        .setParameter("name", resource.name())
        .setParameter("most", resource.count())
        .executeUpdate();
  }

  @Override
  public boolean removeResource(String orgId, String name) {
    return entities
            .createNativeQuery("delete from resource where org_id = :org and name = :name")
            .setParameter("org", orgId)
            .setParameter("name", name)
            .executeUpdate()
        == 1;
  }

  @Override
  public boolean addToken(TokenInfo token, String hash) {
    return added(TokenRow.class, token.id(), TokenRow.of(token, hash));
  }

  @Override
  public Optional<TokenInfo> liveToken(String hash) {
    Optional<TokenInfo> token =
        entities
            .createQuery(
                """
                select t from TokenRow t where t.hash = :hash and t.revokedAt is null
                  and (t.expiresAt is null or t.expiresAt > database_time())
                """,
                TokenRow.class)
            .setParameter("hash", hash)
            .getResultList()
            .stream()
            .findFirst()
            .map(TokenRow::toInfo);
    entities.clear();
    return token;
  }

  @Override
  public Optional<LiveToken> liveTokenOf(String tokenId) {
    Optional<LiveToken> token =
        entities
            .createQuery(
                """
                select t from TokenRow t where t.id = :id and t.revokedAt is null
                  and (t.expiresAt is null or t.expiresAt > database_time())
                """,
                TokenRow.class)
            .setParameter("id", tokenId)
            .getResultList()
            .stream()
            .findFirst()
            .map(row -> new LiveToken(row.toInfo(), row.hash));
    entities.clear();
    return token;
  }

  @Override
  public List<TokenInfo> tokensOf(String orgId) {
    List<TokenInfo> tokens =
        entities
            .createQuery(
                "select t from TokenRow t where t.orgId = :org order by t.createdAt, t.id",
                TokenRow.class)
            .setParameter("org", orgId)
            .getResultStream()
            .map(TokenRow::toInfo)
            .toList();
    entities.clear();
    return tokens;
  }

  @Override
  public boolean revoke(String tokenId) {
    return entities
            .createQuery(
                """
                update TokenRow t set t.revokedAt = coalesce(t.revokedAt, database_time())
                where t.id = :id
                """)
            .setParameter("id", tokenId)
            .executeUpdate()
        == 1;
  }

  @Override
  public void addCode(String hash, Instant expiresAt, boolean untrusted) {
    EnrolmentRow row = new EnrolmentRow();
    row.hash = hash;
    row.createdAt = now();
    row.expiresAt = expiresAt;
    row.untrusted = untrusted;
    entities.persist(row);
    entities.flush();
    entities.clear();
  }

  @Override
  public Optional<Boolean> useCode(String hash) {
    int used =
        entities
            .createQuery(
                """
                update EnrolmentRow e set e.usedAt = database_time()
                where e.hash = :hash and e.usedAt is null and e.expiresAt > database_time()
                """)
            .setParameter("hash", hash)
            .executeUpdate();
    return used == 0
        ? Optional.empty()
        : Optional.of(
            entities
                .createQuery(
                    "select e.untrusted from EnrolmentRow e where e.hash = :hash", Boolean.class)
                .setParameter("hash", hash)
                .getSingleResult());
  }

  @Override
  public NamedWorker workerNamed(String name, boolean untrusted) {
    entities
        .createNativeQuery(
            """
            insert ignore into worker (id, name, incarnation, draining, untrusted)
            values (:id, :name, 0, false, :untrusted)
            """)
        .setParameter("id", Ids.next("wrk"))
        .setParameter("name", name)
        .setParameter("untrusted", untrusted)
        .executeUpdate();
    Object[] worker =
        entities
            .createQuery(
                "select w.id, w.untrusted from WorkerRow w where w.name = :name", Object[].class)
            .setParameter("name", name)
            .getSingleResult();
    return new NamedWorker((String) worker[0], (Boolean) worker[1]);
  }

  @Override
  public void audit(AuditEntry entry) {
    AuditRow row = new AuditRow();
    row.id = Ids.next("aud");
    row.happenedAt = now();
    row.tokenId = entry.tokenId();
    row.action = entry.action();
    row.subject = entry.subject();
    row.detail = entry.detail();
    entities.persist(row);
    entities.flush();
    entities.clear();
  }
}
