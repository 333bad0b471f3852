package dev.qgjob.scheduler.report;

import dev.qgjob.domain.job.Due;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.BoardStore;
import dev.qgjob.domain.placement.Figure;
import dev.qgjob.domain.placement.FigureKey;
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
import dev.qgjob.scheduler.placement.JpaBooks;
import dev.qgjob.scheduler.submit.Runs;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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

  private static final String SUMS =
      """
      j.group_id, sum(r.installs), sum(r.stock_installs),
      sum(case when r.installs > 0 then r.set_up_ms else 0 end), max(g.set_up_ms)
      from attempt_result r join job j on j.id = r.job_id join job_group g on g.id = j.group_id
      """;

  @Override
  public Map<String, Savings> savings(Collection<String> runIds) {
    if (runIds.isEmpty()) {
      return Map.of();
    }
    OneOf some = new OneOf("run", runIds);
    return savings(
        some.in(
            entities.createNativeQuery(
                "select j.run_id, "
                    + SUMS
                    + " where j.run_id in "
                    + some
                    + " group by j.run_id, j.group_id")),
        runId -> runId);
  }

  @Override
  public Map<LocalDate, Savings> daily(@Nullable String orgId, Instant from) {
    Query query =
        entities
            .createNativeQuery(
                "select cast(cast(r.finished_at as date) as char(10)), "
                    + SUMS
                    + " where r.finished_at >= :from"
                    + (orgId == null ? "" : " and j.org_id = :org")
                    + " group by cast(cast(r.finished_at as date) as char(10)), j.group_id")
            .setParameter("from", Timestamp.from(from));
    if (orgId != null) {
      query.setParameter("org", orgId);
    }
    return savings(query, LocalDate::parse);
  }

  /** Adds up the rows of a query for {@link #SUMS} by what its first column names. */
  private <K> Map<K, Savings> savings(Query query, Function<String, K> named) {
    List<Sums> all = new ArrayList<>();
    Set<String> unmeasured = new HashSet<>();
    for (Object row : query.getResultList()) {
      Sums sums = Sums.of((Object[]) row);
      all.add(sums);
      if (sums.setUpBefore() == null) {
        unmeasured.add(sums.groupId());
      }
    }
    Map<String, Duration> known = setUps(unmeasured);
    Map<K, Savings> savings = new HashMap<>();
    for (Sums sums : all) {
      savings.merge(named.apply(sums.of()), sums.savings(known), Savings::plus);
    }
    return savings;
  }

  /** What attempts of one group came to. */
  private record Sums(
      String of,
      String groupId,
      int installs,
      int stockInstalls,
      Duration setUp,
      @Nullable Duration setUpBefore) {
    static Sums of(Object[] columns) {
      return new Sums(
          (String) columns[0],
          (String) columns[1],
          ((Number) columns[2]).intValue(),
          ((Number) columns[3]).intValue(),
          Duration.ofMillis(((Number) columns[4]).longValue()),
          columns[5] == null ? null : Duration.ofMillis(((Number) columns[5]).longValue()));
    }

    Savings savings(Map<String, Duration> others) {
      return Savings.of(
          installs,
          stockInstalls,
          setUp,
          setUpBefore != null
              ? setUpBefore
              : others.getOrDefault(groupId, BoardStore.DEFAULT_SET_UP));
    }
  }

  /** What an install of their app takes on their target, as far as it was ever measured. */
  private Map<String, Duration> setUps(Set<String> groupIds) {
    if (groupIds.isEmpty()) {
      return Map.of();
    }
    OneOf some = new OneOf("id", groupIds);
    Map<String, FigureKey> keys = new HashMap<>();
    for (Object row :
        some.in(
                entities.createNativeQuery(
                    """
                    select g.id, g.org_id, b.package_name, g.target from job_group g
                      join build b on b.org_id = g.org_id and b.app_version_id = g.app_version_id
                        and b.number = g.build
                    where g.id in
                    """
                        + some))
            .getResultList()) {
      Object[] c = (Object[]) row;
      keys.put(
          (String) c[0],
          FigureKey.setUp((String) c[1], (String) c[2], Target.valueOf((String) c[3])));
    }
    Map<FigureKey, Figure> figures = new JpaBooks(entities).figures(Set.copyOf(keys.values()));
    Map<String, Duration> setUps = new HashMap<>();
    keys.forEach(
        (group, key) -> {
          Figure figure = figures.get(key);
          if (figure != null) {
            setUps.put(group, figure.mean());
          }
        });
    return setUps;
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
                or (j.interrupted = :interrupted and (j.due_at < :due
                  or (j.due_at = :due and j.id < :id))))
            """);
    GroupKey group = queued.group();
    return ((Number)
            query
                .setParameter("target", group.target().name())
                .setParameter("org", group.orgId())
                .setParameter("version", group.appVersionId())
                .setParameter("build", group.build())
                .setParameter("interrupted", queued.interrupted())
                .setParameter("due", Timestamp.from(Due.of(queued)))
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
