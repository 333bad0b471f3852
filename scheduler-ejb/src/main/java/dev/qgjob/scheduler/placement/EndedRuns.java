package dev.qgjob.scheduler.placement;

import dev.qgjob.scheduler.database.OneOf;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.util.HashSet;
import java.util.Set;

/** Forgets what is only kept of runs while they have jobs to be placed. */
final class EndedRuns {
  private EndedRuns() {}

  /** Removes the rows of runs that have ended; the table has a column {@code run_id}. */
  static void forget(EntityManager entities, String table) {
    Set<String> ended = names(entities.createNativeQuery("select distinct run_id from " + table));
    if (ended.isEmpty()) {
      return;
    }
    // two questions: of "not exists" MySQL makes a join that reads all jobs
    OneOf some = new OneOf("run", ended);
    ended.removeAll(
        names(
            some.in(
                entities.createNativeQuery(
                    "select distinct run_id from job where run_id in "
                        + some
                        + " and state in ('QUEUED', 'RUNNING')"))));
    if (!ended.isEmpty()) {
      OneOf these = new OneOf("run", ended);
      these
          .in(entities.createNativeQuery("delete from " + table + " where run_id in " + these))
          .executeUpdate();
    }
  }

  private static Set<String> names(Query query) {
    Set<String> names = new HashSet<>();
    query.getResultList().forEach(name -> names.add((String) name));
    return names;
  }
}
