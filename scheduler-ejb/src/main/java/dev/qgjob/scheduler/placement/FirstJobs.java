package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.job.Due;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import dev.qgjob.scheduler.database.DatabaseClock;
import dev.qgjob.scheduler.database.OneOf;
import dev.qgjob.scheduler.job.Jobs;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The first jobs of groups that are due and not sent, by the index's own order, so that the rest of
 * a group is not looked at. One statement for each number that is asked for on MySQL, which steps
 * from group to group; H2 knows no lateral join, and gets a branch for each group.
 */
final class FirstJobs {
  /** Ordered by what is fixed, too, for H2: see {@code Jobs.IN_ORDER_OF_GROUP}. */
  static final String OF_ONE =
      """
      (select id from job use index (job_by_target) where target = :target and state = 'QUEUED' and group_id = %1$s
        and (released_generation is null or released_generation < generation)
        and (not_before is null or not_before <= %2$s)%3$s
      order by target, state, group_id, interrupted desc, due_at, id
      limit :most)
      """;

  private static final String IDS =
      "json_table(:%s, '$[*]' columns (id varchar(40) character set utf8mb4"
          + " collate utf8mb4_0900_bin path '$'))";

  private static final int BRANCHES = 50;

  /** JDBC's statements have 65,535 parameters at most, and each branch repeats its own. */
  private static final int PARAMETERS = 20_000;

  private final DatabaseClock clock;
  private final Jobs jobs;

  FirstJobs(EntityManager entities, Jobs jobs) {
    this.clock = DatabaseClock.of(entities);
    this.jobs = jobs;
  }

  /**
   * In order.
   *
   * @param most how many of each group, by the id of its row
   * @param without runs whose jobs are passed over
   * @param condition more of SQL that a job has to meet, beginning with {@code and}; or nothing
   * @param parameters of the condition
   */
  List<Job> read(
      Target target,
      Map<String, Integer> most,
      Set<String> without,
      String condition,
      Map<String, String> parameters) {
    Map<Integer, List<String>> alike = new TreeMap<>();
    most.forEach((id, limit) -> alike.computeIfAbsent(limit, k -> new ArrayList<>()).add(id));
    List<Job> found = new ArrayList<>();
    alike.forEach(
        (limit, ids) -> {
          Map<String, Object> all = new HashMap<>(parameters);
          all.put("target", target.name());
          all.put("most", limit);
          if (clock == DatabaseClock.MYSQL) {
            found.addAll(lateral(ids, without, condition, all));
          } else {
            int atOnce = Math.max(1, Math.min(BRANCHES, PARAMETERS / (1 + without.size())));
            for (int from = 0; from < ids.size(); from += atOnce) {
              List<String> some = ids.subList(from, Math.min(ids.size(), from + atOnce));
              found.addAll(branches(some, without, condition, all));
            }
          }
        });
    found.sort(Due.ORDER);
    return found;
  }

  private List<Job> lateral(
      List<String> groupIds, Set<String> without, String condition, Map<String, Object> others) {
    Map<String, Object> parameters = new HashMap<>(others);
    parameters.put("groups", json(groupIds));
    String met = "";
    if (!without.isEmpty()) {
      met = " and run_id not in (select w.id from " + IDS.formatted("without") + " w)";
      parameters.put("without", json(without));
    }
    return jobs.among(
        "select f.id from "
            + IDS.formatted("groups")
            + " g join lateral "
            + OF_ONE.formatted("g.id", clock.sql(), met + condition)
            + " f on true",
        parameters);
  }

  /** Ids are the server's own: letters, digits and underscores. */
  private static String json(Collection<String> ids) {
    return ids.stream().collect(Collectors.joining("\",\"", "[\"", "\"]"));
  }

  private List<Job> branches(
      List<String> groupIds, Set<String> without, String condition, Map<String, Object> others) {
    Map<String, Object> parameters = new HashMap<>(others);
    String met = "";
    if (!without.isEmpty()) {
      OneOf some = new OneOf("without", without);
      met = " and run_id not in " + some;
      parameters.putAll(some.parameters());
    }
    for (int i = 0; i < groupIds.size(); i++) {
      parameters.put("group" + i, groupIds.get(i));
    }
    String all = met + condition;
    return jobs.among(
        IntStream.range(0, groupIds.size())
            .mapToObj(i -> OF_ONE.formatted(":group" + i, clock.sql(), all))
            .collect(Collectors.joining(" union all ")),
        parameters);
  }
}
