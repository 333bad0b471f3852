package dev.qgjob.scheduler.report;

import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.report.Attempt;
import dev.qgjob.domain.report.ReportStore;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.report.Savings;
import dev.qgjob.domain.submit.AppVersion;
import dev.qgjob.domain.submit.Build;
import dev.qgjob.scheduler.artefact.ArtefactFiles;
import dev.qgjob.scheduler.database.DatabaseClock;
import dev.qgjob.scheduler.database.OneOf;
import dev.qgjob.scheduler.fleet.JpaFleetStore;
import dev.qgjob.scheduler.fleet.Slots;
import dev.qgjob.scheduler.job.Attempts;
import dev.qgjob.scheduler.job.Jobs;
import dev.qgjob.scheduler.submit.Runs;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the rows that the other rooms wrote, many at a time. */
public final class JpaReportStore implements ReportStore {
  private final EntityManager entities;
  private final DatabaseClock clock;
  private final Runs runs;
  private final Jobs jobs;
  private final Attempts attempts;
  private final ArtefactFiles files;
  private final Slots slots;

  public JpaReportStore(EntityManager entities) {
    this.entities = entities;
    this.clock = DatabaseClock.of(entities);
    this.runs = new Runs(entities);
    this.jobs = new Jobs(entities);
    this.attempts = new Attempts(entities);
    this.files = new ArtefactFiles(entities);
    this.slots = new Slots(entities);
  }

  @Override
  public Instant now() {
    return clock.now(entities);
  }

  @Override
  public Optional<Run> run(String runId) {
    return runs.find(runId);
  }

  @Override
  public List<Run> runs(@Nullable String orgId, int most) {
    return runs.newest(orgId, most);
  }

  @Override
  public Optional<Job> job(String jobId) {
    return jobs.where("j.id = :id", Map.of("id", jobId)).stream().findFirst();
  }

  @Override
  public List<Job> jobsOf(Collection<String> runIds) {
    return runIds.isEmpty()
        ? List.of()
        : jobs.where("j.runId in :runs order by j.id", Map.of("runs", runIds));
  }

  @Override
  public Map<String, List<Attempt>> attemptsOf(Collection<String> jobIds) {
    return attempts.of(jobIds, files.of(jobIds));
  }

  @Override
  public Optional<AppVersion> app(String orgId, String appVersionId) {
    return runs.app(orgId, appVersionId);
  }

  @Override
  public List<Build> newestBuilds(String orgId, int most) {
    return runs.newestBuilds(orgId, most);
  }

  @Override
  public Set<Target> liveTargets(Duration lease) {
    return slots.liveTargets(lease);
  }

  @Override
  public Map<String, Integer> ahead(Collection<GroupKey> groups) {
    Map<String, Integer> ahead = new HashMap<>();
    groups.forEach(
        group -> {
          int place = 0;
          for (String id : inOrder(group)) {
            ahead.put(id, place++);
          }
        });
    return ahead;
  }

  /** One query for each group of a run, and a run has one. */
  private List<String> inOrder(GroupKey group) {
    var query =
        entities.createQuery(
            "select j.id from JobRow j where "
                + Jobs.OF_GROUP
                + " and j.target = :target and j.state = QUEUED"
                + Jobs.IN_ORDER_OF_GROUP,
            String.class);
    Jobs.ofGroup(group).forEach(query::setParameter);
    return query.getResultList();
  }

  private static final String SUMS =
      """
      sum(r.installs), sum(r.stock_installs),
      sum(case when r.installs > 0 then r.set_up_ms else 0 end), max(g.set_up_ms)
      from attempt_result r join job j on j.id = r.job_id join job_group g on g.id = j.group_id
      """;

  @Override
  public Map<String, Savings> savings(Collection<String> runIds) {
    Map<String, Savings> savings = new HashMap<>();
    if (runIds.isEmpty()) {
      return savings;
    }
    OneOf some = new OneOf("run", runIds);
    for (Object row :
        some.in(
                entities.createNativeQuery(
                    "select j.run_id, "
                        + SUMS
                        + " where j.run_id in "
                        + some
                        + " group by j.run_id"))
            .getResultList()) {
      Object[] columns = (Object[]) row;
      savings.put((String) columns[0], savings(columns, 1));
    }
    return savings;
  }

  @Override
  public Map<LocalDate, Savings> daily(@Nullable String orgId, Instant from) {
    Map<LocalDate, Savings> days = new HashMap<>();
    Query query =
        entities
            .createNativeQuery(
                "select cast(cast(r.finished_at as date) as char(10)), j.group_id, "
                    + SUMS
                    + " where r.finished_at >= :from"
                    + (orgId == null ? "" : " and j.org_id = :org")
                    + " group by cast(cast(r.finished_at as date) as char(10)), j.group_id")
            .setParameter("from", Timestamp.from(from));
    if (orgId != null) {
      query.setParameter("org", orgId);
    }
    for (Object row : query.getResultList()) {
      Object[] columns = (Object[]) row;
      days.merge(LocalDate.parse((String) columns[0]), savings(columns, 2), Savings::plus);
    }
    return days;
  }

  private static Savings savings(Object[] columns, int at) {
    return Savings.of(
        ((Number) columns[at]).intValue(),
        ((Number) columns[at + 1]).intValue(),
        Duration.ofMillis(((Number) columns[at + 2]).longValue()),
        columns[at + 3] == null ? null : Duration.ofMillis(((Number) columns[at + 3]).longValue()));
  }

  /** A range of the index that the heads are found by. */
  @Override
  public int before(Job queued) {
    Query query =
        entities.createNativeQuery(
            """
            select count(*) from job j where j.target = :target and j.state = 'QUEUED'
              and j.group_id = (select g.id from job_group g where g.org_id = :org
                and g.app_version_id = :version and g.build = :build and g.target = :target)
              and (j.interrupted > :interrupted
                or (j.interrupted = :interrupted and (j.priority > :priority
                  or (j.priority = :priority and (j.created_at < :created
                    or (j.created_at = :created and j.id < :id))))))
            """);
    GroupKey group = queued.group();
    return ((Number)
            query
                .setParameter("target", group.target().name())
                .setParameter("org", group.orgId())
                .setParameter("version", group.appVersionId())
                .setParameter("build", group.build())
                .setParameter("interrupted", queued.interrupted())
                .setParameter("priority", queued.priority())
                .setParameter("created", Timestamp.from(queued.createdAt()))
                .setParameter("id", queued.id())
                .getSingleResult())
        .intValue();
  }

  @Override
  public Optional<String> packageOf(GroupKey group) {
    return runs.build(group).map(Build::packageName);
  }

  @Override
  public Map<String, String> runningOn() {
    return new JpaFleetStore(entities).running();
  }
}
