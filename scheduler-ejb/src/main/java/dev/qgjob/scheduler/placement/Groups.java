package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.scheduler.database.Ids;
import jakarta.persistence.EntityManager;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Finds the row of a group, and makes it for the first job. */
public final class Groups {
  private static final int MOST_KNOWN = 10_000;

  private final EntityManager entities;

  /** A row's id never changes, and no row is ever removed. */
  private final Map<GroupKey, String> ids = new ConcurrentHashMap<>();

  public Groups(EntityManager entities) {
    this.entities = entities;
  }

  /** The id of a group's row, which is made where there is none. */
  public String idOf(GroupKey group) {
    String known = ids.get(group);
    if (known != null) {
      return known;
    }
    Optional<String> found = find(group);
    if (found.isEmpty()) {
      // not kept: what made it may be rolled back
      return add(group);
    }
    if (ids.size() >= MOST_KNOWN) {
      ids.clear();
    }
    ids.put(group, found.get());
    return found.get();
  }

  private Optional<String> find(GroupKey group) {
    return entities
        .createQuery(
            """
            select g.id from GroupRow g where g.orgId = :org and g.appVersionId = :version
              and g.build = :build and g.target = :target
            """,
            String.class)
        .setParameter("org", group.orgId())
        .setParameter("version", group.appVersionId())
        .setParameter("build", group.build())
        .setParameter("target", group.target())
        .getResultList()
        .stream()
        .findFirst();
  }

  /**
   * Two submissions may be at it: the second insert does nothing, and reads the first one's row.
   */
  private String add(GroupKey group) {
    entities
        .createNativeQuery(
            """
            insert ignore into job_group (id, org_id, app_version_id, build, target)
            values (:id, :org, :version, :build, :target)
            """)
        .setParameter("id", Ids.next("grp"))
        .setParameter("org", group.orgId())
        .setParameter("version", group.appVersionId())
        .setParameter("build", group.build())
        .setParameter("target", group.target().name())
        .executeUpdate();
    return find(group).orElseThrow();
  }
}
