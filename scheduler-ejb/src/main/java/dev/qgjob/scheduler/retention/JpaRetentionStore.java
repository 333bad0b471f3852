package dev.qgjob.scheduler.retention;

import dev.qgjob.domain.retention.RetentionStore;
import dev.qgjob.scheduler.artefact.IdleBlobs;
import dev.qgjob.scheduler.database.DatabaseClock;
import dev.qgjob.scheduler.database.OneOf;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What has grown old, in the database; each call wants a transaction around it. */
public final class JpaRetentionStore implements RetentionStore {
  /** Children first; each has a column {@code job_id}. */
  private static final List<String> OF_JOBS =
      List.of(
          "test_result",
          "artefact",
          "log_piece",
          "attempt_result",
          "attempt",
          "requeue",
          "slot_doubt");

  /** Each has a column {@code run_id}. */
  private static final List<String> OF_RUNS =
      List.of("run_wish", "run_target", "run_resource", "run_watch");

  private final EntityManager entities;
  private final DatabaseClock clock;
  private final IdleBlobs idle;

  public JpaRetentionStore(EntityManager entities) {
    this.entities = entities;
    this.clock = DatabaseClock.of(entities);
    this.idle = new IdleBlobs(entities);
  }

  private Timestamp ago(Duration age) {
    Instant moment = clock.now(entities).minus(age);
    return Timestamp.from(moment);
  }

  private Query sql(String statement) {
    return entities.createNativeQuery(statement);
  }

  @Override
  public boolean removeJobs(Duration age, int most) {
    List<?> found =
        sql("""
            select r.id, r.org_id, r.bundle_sha256 from run r
            where r.created_at < :before and not exists (
              select 1 from job j where j.run_id = r.id and j.state in ('QUEUED', 'RUNNING'))
            order by r.created_at, r.id limit 1 for update skip locked
            """)
            .setParameter("before", ago(age))
            .getResultList();
    if (found.isEmpty()) {
      return false;
    }
    Object[] run = (Object[]) found.get(0);
    List<String> jobs = jobsOf((String) run[0], most);
    if (!jobs.isEmpty()) {
      remove(jobs);
    }
    if (jobs.size() < most) {
      removeRun((String) run[0], (String) run[1]);
    }
    return true;
  }

  private List<String> jobsOf(String runId, int most) {
    return sql("select id from job where run_id = :run order by id limit " + most)
        .setParameter("run", runId)
        .getResultList()
        .stream()
        .map(String.class::cast)
        .toList();
  }

  private void remove(List<String> jobs) {
    OneOf these = new OneOf("id", jobs);
    List<?> files =
        these
            .in(sql("select distinct sha256 from artefact where job_id in " + these))
            .getResultList();
    idle.note(files.stream().map(String.class::cast).toList());
    for (String table : OF_JOBS) {
      these.in(sql("delete from " + table + " where job_id in " + these)).executeUpdate();
    }
    these.in(sql("delete from job where id in " + these)).executeUpdate();
  }

  private void removeRun(String runId, String orgId) {
    for (String table : OF_RUNS) {
      sql("delete from " + table + " where run_id = :run")
          .setParameter("run", runId)
          .executeUpdate();
    }
    // by the beginning of the primary key: nobody asks for a key by its run but here
    sql("delete from run_key where org_id = :org and run_id = :run")
        .setParameter("org", orgId)
        .setParameter("run", runId)
        .executeUpdate();
    sql("delete from run where id = :run").setParameter("run", runId).executeUpdate();
  }

  @Override
  public int disown(Duration age, int most) {
    List<?> old =
        sql("""
            select o.org_id, o.sha256 from blob_owner o
            where o.used_at < :before and not exists (
              select 1 from run r where r.org_id = o.org_id and r.created_at < :before)
            order by o.used_at limit %d for update skip locked
            """
                .formatted(most))
            .setParameter("before", ago(age))
            .getResultList();
    for (Object row : old) {
      Object[] key = (Object[]) row;
      sql("delete from blob_owner where org_id = :org and sha256 = :hash")
          .setParameter("org", key[0])
          .setParameter("hash", key[1])
          .executeUpdate();
    }
    idle.note(old.stream().map(row -> (String) ((Object[]) row)[1]).distinct().toList());
    return old.size();
  }

  @Override
  public List<String> idle(Duration age, int most) {
    return idle.since(ago(age), most);
  }

  @Override
  public boolean named(String sha256) {
    return !sql("""
            select sha256 from blob_owner where sha256 = :hash
            union all select sha256 from artefact where sha256 = :hash limit 1
            """)
        .setParameter("hash", sha256)
        .getResultList()
        .isEmpty();
  }

  @Override
  public void forget(String sha256) {
    idle.forget(sha256);
  }

  @Override
  public void noteAgain(String sha256) {
    idle.forget(sha256);
    idle.note(List.of(sha256));
  }
}
