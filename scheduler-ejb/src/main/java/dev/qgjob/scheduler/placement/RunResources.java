package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.placement.Resource;
import dev.qgjob.domain.report.Run;
import dev.qgjob.scheduler.database.OneOf;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The scarce resources that open runs ask for, and what is left of them. Thread-safe. */
public final class RunResources {
  /**
   * Jobs that have what they ask for, by run: those that run, and those that were sent. Slots bound
   * their number, so that it is cheaper than to ask a run for its jobs.
   */
  private static final String AT_WORK =
      """
      select run_id, count(*) from job
      where target in ('EMULATOR', 'DEVICE', 'BROWSERSTACK') and state = 'RUNNING' group by run_id
      union all
      select run_id, count(*) from job
      where target in ('EMULATOR', 'DEVICE', 'BROWSERSTACK') and state = 'QUEUED'
        and released_generation > 0 and released_generation = generation
      group by run_id
      """;

  private final EntityManager entities;
  private final OfRuns<Set<String>> known;

  public RunResources(EntityManager entities) {
    this.entities = entities;
    this.known = new OfRuns<>(this::find, Set.of());
  }

  /** Notes what the jobs of a new run use. */
  public void add(Run run) {
    for (String name : run.resources()) {
      entities
          .createNativeQuery(
              "insert into run_resource (run_id, org_id, name) values (:run, :org, :name)")
          .setParameter("run", run.id())
          .setParameter("org", run.orgId())
          .setParameter("name", name)
          .executeUpdate();
    }
  }

  private Map<String, Set<String>> find(Collection<String> runIds) {
    OneOf some = new OneOf("run", runIds);
    return keys(
        some.in(
            entities.createNativeQuery(
                "select run_id, org_id, name from run_resource where run_id in " + some)));
  }

  private static Map<String, Set<String>> keys(Query query) {
    Map<String, Set<String>> byRun = new HashMap<>();
    for (Object row : query.getResultList()) {
      Object[] columns = (Object[]) row;
      byRun
          .computeIfAbsent((String) columns[0], run -> new HashSet<>())
          .add(Resource.key((String) columns[1], (String) columns[2]));
    }
    return byRun;
  }

  /** Learns what these runs ask for. */
  void read(Collection<String> runIds) {
    known.read(runIds);
  }

  /** The keys of what a run that was {@linkplain #read read} asks for. */
  Set<String> of(String runId) {
    return known.of(runId);
  }

  /** The same of all that have not ended. */
  Map<String, Set<String>> open() {
    return keys(entities.createNativeQuery("select run_id, org_id, name from run_resource"));
  }

  /**
   * How many more jobs may use each of these; without those that there are not.
   *
   * @param locked nobody else counts the same until the transaction ends
   */
  Map<String, Integer> left(Set<String> wanted, boolean locked) {
    Map<String, Integer> left = new HashMap<>();
    for (Resource resource : resources(wanted, locked)) {
      left.put(resource.key(), resource.count());
    }
    if (left.isEmpty()) {
      return left;
    }
    Map<String, Integer> atWork = new HashMap<>();
    for (Object row : entities.createNativeQuery(AT_WORK).getResultList()) {
      Object[] columns = (Object[]) row;
      atWork.merge((String) columns[0], ((Number) columns[1]).intValue(), Integer::sum);
    }
    read(atWork.keySet());
    atWork.forEach(
        (run, jobs) ->
            of(run).forEach(key -> left.computeIfPresent(key, (k, count) -> count - jobs)));
    return left;
  }

  private List<Resource> resources(Set<String> wanted, boolean locked) {
    if (wanted.isEmpty()) {
      return List.of();
    }
    Set<String> orgs = new HashSet<>();
    wanted.forEach(key -> orgs.add(key.substring(0, key.indexOf('/'))));
    OneOf some = new OneOf("org", orgs);
    return resources(
            some.in(
                entities.createNativeQuery(
                    "select org_id, name, most from resource where org_id in "
                        + some
                        // in one order, so that two ticks do not lock each other out
                        + " order by org_id, name"
                        + (locked ? " for update" : ""))))
        .stream()
        .filter(resource -> wanted.contains(resource.key()))
        .toList();
  }

  /** All of an org, by name. */
  public List<Resource> ofOrg(String orgId) {
    return resources(
        entities
            .createNativeQuery(
                "select org_id, name, most from resource where org_id = :org order by name")
            .setParameter("org", orgId));
  }

  private static List<Resource> resources(Query query) {
    return ((List<?>) query.getResultList())
        .stream()
            .map(
                row -> {
                  Object[] columns = (Object[]) row;
                  return new Resource(
                      (String) columns[0], (String) columns[1], ((Number) columns[2]).intValue());
                })
            .toList();
  }
}
