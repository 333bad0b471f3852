package dev.qgjob.scheduler.blame;

import dev.qgjob.domain.access.Sha256;
import dev.qgjob.domain.blame.BlameStore;
import dev.qgjob.domain.blame.StateLeak;
import dev.qgjob.scheduler.database.DatabaseClock;
import dev.qgjob.scheduler.database.OneOf;
import jakarta.persistence.EntityManager;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Leaks and doubts in the database: rare, so plain rows. */
public final class JpaBlameStore implements BlameStore {
  private final EntityManager entities;
  private final DatabaseClock clock;

  public JpaBlameStore(EntityManager entities) {
    this.entities = entities;
    this.clock = DatabaseClock.of(entities);
  }

  private Timestamp now() {
    return Timestamp.from(clock.now(entities));
  }

  @Override
  public void leaks(StateLeak leak) {
    entities
        .createNativeQuery(
            """
            insert ignore into state_leak (id, org_id, package_name, test_path, found_at)
            values (:id, :org, :package, :test, :now)
            """)
        .setParameter("id", id(leak))
        .setParameter("org", leak.orgId())
        .setParameter("package", leak.packageName())
        .setParameter("test", leak.testPath())
        .setParameter("now", now())
        .executeUpdate();
  }

  /** The three columns are too long for a key of MySQL's. */
  private static String id(StateLeak leak) {
    return Sha256.hex(String.join("\n", leak.orgId(), leak.packageName(), leak.testPath()));
  }

  @Override
  public Set<String> leaking(String orgId, String packageName, Collection<String> specs) {
    List<?> known =
        entities
            .createNativeQuery(
                "select test_path from state_leak where org_id = :org and package_name = :package")
            .setParameter("org", orgId)
            .setParameter("package", packageName)
            .getResultList();
    Set<String> leaking = new HashSet<>(specs);
    leaking.retainAll(Set.copyOf(known));
    return leaking;
  }

  @Override
  public void forgetLeaks(String orgId, String packageName, Collection<String> specs) {
    List<String> ids =
        leaking(orgId, packageName, specs).stream()
            .map(spec -> id(new StateLeak(orgId, packageName, spec)))
            .toList();
    if (!ids.isEmpty()) {
      OneOf some = new OneOf("id", ids);
      some.in(entities.createNativeQuery("delete from state_leak where id in " + some))
          .executeUpdate();
    }
  }

  @Override
  public void passedOn(String jobId, String slotId) {
    entities
        .createNativeQuery(
            """
            insert ignore into slot_doubt (job_id, number, slot_id, noted_at)
            select a.job_id, a.number, a.slot_id, :now from attempt a
              join attempt_result r on r.job_id = a.job_id and r.number = a.number
            where a.job_id = :job and a.slot_id <> :slot and r.outcome = 'FAILED'
            """)
        .setParameter("now", now())
        .setParameter("job", jobId)
        .setParameter("slot", slotId)
        .executeUpdate();
  }

  @Override
  public Map<String, Integer> doubts(Duration within) {
    Map<String, Integer> doubts = new HashMap<>();
    List<?> rows =
        entities
            .createNativeQuery(
                "select slot_id, count(*) from slot_doubt where noted_at > :since group by slot_id")
            .setParameter("since", Timestamp.from(clock.now(entities).minus(within)))
            .getResultList();
    for (Object row : rows) {
      Object[] columns = (Object[]) row;
      doubts.put((String) columns[0], ((Number) columns[1]).intValue());
    }
    return doubts;
  }
}
