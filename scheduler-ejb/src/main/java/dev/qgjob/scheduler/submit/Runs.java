package dev.qgjob.scheduler.submit;

import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.submit.AppVersion;
import dev.qgjob.domain.submit.Build;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.persistence.TypedQuery;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads runs and builds, for this room and those beside it. */
public final class Runs {
  private static final int MOST_KNOWN = 10_000;
  private static final int AT_ONCE = 128;

  private final EntityManager entities;

  /** A build never changes, and what jobs were submitted with is never taken back. */
  private final Map<BuildRow.Key, Build> builds = new ConcurrentHashMap<>();

  public Runs(EntityManager entities) {
    this.entities = entities;
  }

  public Optional<Run> find(String runId) {
    Optional<Run> run = Optional.ofNullable(entities.find(RunRow.class, runId)).map(RunRow::toRun);
    entities.clear();
    return run;
  }

  /** Newest first; of one org, or of all where it is null. */
  public List<Run> newest(@Nullable String orgId, int most) {
    TypedQuery<RunRow> query =
        entities.createQuery(
            "select r from RunRow r"
                + (orgId == null ? "" : " where r.orgId = :org")
                + " order by r.createdAt desc, r.id desc",
            RunRow.class);
    if (orgId != null) {
      query.setParameter("org", orgId);
    }
    return read(query.setMaxResults(most));
  }

  Optional<Run> newestOf(String orgId, String appVersionId) {
    return read(
            entities
                .createQuery(
                    """
                    select r from RunRow r where r.orgId = :org and r.appVersionId = :version
                    order by r.createdAt desc, r.id desc
                    """,
                    RunRow.class)
                .setParameter("org", orgId)
                .setParameter("version", appVersionId)
                .setMaxResults(1))
        .stream()
        .findFirst();
  }

  private List<Run> read(TypedQuery<RunRow> query) {
    List<Run> runs = query.getResultList().stream().map(RunRow::toRun).toList();
    entities.clear();
    return runs;
  }

  /** The build that a group's jobs need. */
  public Optional<Build> build(GroupKey group) {
    BuildRow.Key key = new BuildRow.Key(group.orgId(), group.appVersionId(), group.build());
    Build known = builds.get(key);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Build> build =
        Optional.ofNullable(entities.find(BuildRow.class, key)).map(BuildRow::toBuild);
    entities.clear();
    if (builds.size() >= MOST_KNOWN) {
      builds.clear();
    }
    build.ifPresent(found -> builds.put(key, found));
    return build;
  }

  /** Learns the builds that these groups need, so that each is not asked for by itself. */
  public void read(Collection<GroupKey> groups) {
    List<BuildRow.Key> missing =
        groups.stream()
            .map(group -> new BuildRow.Key(group.orgId(), group.appVersionId(), group.build()))
            .distinct()
            .filter(key -> !builds.containsKey(key))
            .toList();
    if (missing.isEmpty()) {
      return;
    }
    if (builds.size() + missing.size() > MOST_KNOWN) {
      builds.clear();
    }
    for (int from = 0; from < missing.size(); from += AT_ONCE) {
      find(missing.subList(from, Math.min(missing.size(), from + AT_ONCE)));
    }
  }

  private void find(List<BuildRow.Key> keys) {
    Query query =
        entities.createNativeQuery(
            "select * from build where (org_id, app_version_id, number) in "
                + IntStream.range(0, keys.size())
                    .mapToObj(i -> "(:org%1$d, :version%1$d, :number%1$d)".formatted(i))
                    .collect(Collectors.joining(", ", "(", ")")),
            BuildRow.class);
    for (int i = 0; i < keys.size(); i++) {
      query.setParameter("org" + i, keys.get(i).orgId());
      query.setParameter("version" + i, keys.get(i).appVersionId());
      query.setParameter("number" + i, keys.get(i).number());
    }
    for (Object row : query.getResultList()) {
      BuildRow found = (BuildRow) row;
      builds.put(found.key, found.toBuild());
    }
    entities.clear();
  }

  /** Of whatever version, newest first. */
  public List<Build> newestBuilds(String orgId, int most) {
    List<Build> newest =
        entities
            .createQuery(
                """
                select b from BuildRow b where b.key.orgId = :org
                order by b.createdAt desc, b.key.appVersionId desc, b.key.number desc
                """,
                BuildRow.class)
            .setParameter("org", orgId)
            .setMaxResults(most)
            .getResultList()
            .stream()
            .map(BuildRow::toBuild)
            .toList();
    entities.clear();
    return newest;
  }

  /** An app version with its builds, oldest first; empty where it has none. */
  public Optional<AppVersion> app(String orgId, String appVersionId) {
    List<Build> builds =
        entities
            .createQuery(
                """
                select b from BuildRow b left join fetch b.binaries
                where b.key.orgId = :org and b.key.appVersionId = :version
                order by b.key.number
                """,
                BuildRow.class)
            .setParameter("org", orgId)
            .setParameter("version", appVersionId)
            .getResultList()
            .stream()
            .map(BuildRow::toBuild)
            .toList();
    entities.clear();
    return builds.isEmpty()
        ? Optional.empty()
        : Optional.of(new AppVersion(orgId, appVersionId, builds));
  }
}
