package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.report.Run;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Which runs that have not ended may run on several targets. */
public final class RunTargets {
  /** The condition of a job of such a run, with the parameter {@code into}. */
  static final String MAY_RUN_HERE =
      " and run_id in (select run_id from run_target where target = :into)";

  private final EntityManager entities;

  public RunTargets(EntityManager entities) {
    this.entities = entities;
  }

  /** Notes where the jobs of a new run may run, if they may go from one target to another. */
  public void add(Run run) {
    if (run.jobsMayMove()) {
      run.projects()
          .keySet()
          .forEach(
              target ->
                  entities
                      .createNativeQuery(
                          "insert into run_target (target, run_id) values (:target, :run)")
                      .setParameter("target", target.name())
                      .setParameter("run", run.id())
                      .executeUpdate());
    }
  }

  /** Ids of groups elsewhere that may have jobs which may run on this target. */
  Map<Target, List<String>> groupsElsewhere(Target into) {
    Map<Target, List<String>> groups = new EnumMap<>(Target.class);
    for (Object row :
        entities
            .createNativeQuery(
                """
                select distinct g.target, g.id from run_target t join run r on r.id = t.run_id
                  join job_group g on g.org_id = r.org_id and g.app_version_id = r.app_version_id
                    and g.build = r.build
                where t.target = :into and g.target <> :into
                """)
            .setParameter("into", into.name())
            .getResultList()) {
      Object[] columns = (Object[]) row;
      groups
          .computeIfAbsent(Target.valueOf((String) columns[0]), k -> new ArrayList<>())
          .add((String) columns[1]);
    }
    return groups;
  }
}
