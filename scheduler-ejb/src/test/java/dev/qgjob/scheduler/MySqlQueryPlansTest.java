package dev.qgjob.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.BoardStore.Released;
import dev.qgjob.domain.placement.Bookkeeper;
import dev.qgjob.domain.placement.Placement;
import dev.qgjob.domain.testing.Fixtures;
import dev.qgjob.scheduler.job.JpaJobStore;
import dev.qgjob.scheduler.placement.JpaBoardStore;
import dev.qgjob.scheduler.placement.JpaBooks;
import dev.qgjob.scheduler.report.JpaReportStore;
import dev.qgjob.scheduler.testing.DatabaseWorld;
import dev.qgjob.scheduler.testing.TestDatabase;
import jakarta.persistence.EntityManager;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The queries of the hot path as MySQL heard them, and how it says it answers them: each table that
 * grows is reached by an index. {@code -Dplans.jobs=1000000} for the size that counts.
 */
final class MySqlQueryPlansTest {
  private static final int JOBS = Integer.getInteger("plans.jobs", 20_000);
  private static final int GROUPS = 50;
  private static final int SLOTS = 40;
  private static final Duration LEASE = Duration.ofHours(2);
  private static final Set<String> GROWING =
      Set.of("job", "attempt", "attempt_result", "test_result", "run", "requeue", "figure");

  @TempDir Path folder;

  @Test
  void whatGrowsIsReachedByAnIndex() {
    TestDatabase database = TestDatabase.mySql();
    DatabaseWorld world = new DatabaseWorld(database, folder);
    fill(world);
    Map<String, Long> heard = heard(database, world);
    assertThat(heard.keySet().stream().filter(sql -> sql.contains("job"))).hasSizeGreaterThan(15);
    List<String> scans = new ArrayList<>();
    heard.forEach((sql, micros) -> explain(database, sql, micros, scans));
    System.out.printf("query plans: %d statements over %,d jobs%n", heard.size(), JOBS);
    assertThat(scans).as("read without an index").isEmpty();
    world.database().wipe();
  }

  private static void fill(DatabaseWorld world) {
    world.org(Fixtures.ORG);
    world.worker("w1");
    String[] slots = new String[SLOTS];
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = "s" + i;
    }
    Fixtures.slots(world, "w1", slots);
    for (int i = 1; i <= GROUPS; i++) {
      // makes the build, the group and a run
      Fixtures.queued(world, i, 1);
    }
    world
        .database()
        .in(
            entities -> {
              sql(entities, "set session cte_max_recursion_depth = 10000000");
              sql(
                  entities,
                  """
                  insert into job (id, run_id, group_id, org_id, app_version_id, build, target,
                    test_path, priority, state, generation, attempt, broken_attempts, retries_left,
                    interrupted, flaky, created_at, due_at, started_at, finished_at)
                  with recursive n(i) as (select 1 union all select i + 1 from n where i < %1$d)
                  select concat('job_', lpad(i, 12, '0')), o.run_id, o.group_id, o.org_id,
                    o.app_version_id, o.build, o.target, concat('t', i %% 997, '.spec.js'), 0,
                    if(i %% 5 < 2, 'QUEUED', 'PASSED'), 1, if(i %% 5 < 2, 0, 1), 0, 0, 0, 0,
                    timestampadd(microsecond, i * 1000, '2026-01-01 00:00:00'),
                    timestampadd(microsecond, i * 1000, '2026-01-01 00:00:00'),
                    if(i %% 5 < 2, null, '2026-01-02 00:00:00'),
                    if(i %% 5 < 2, null, '2026-01-02 00:01:00')
                  from n join (select j.*, row_number() over (order by id) as place from job j) o
                    on o.place = 1 + i %% %2$d
                  """
                      .formatted(JOBS, GROUPS));
              sql(
                  entities,
                  """
                  insert into attempt (job_id, number, generation, lease_token, slot_id, worker_id,
                    started_at)
                  select id, 1, 1, concat('t', id), 's1', 'w1', started_at from job
                  where state = 'PASSED'
                  """);
              sql(
                  entities,
                  """
                  insert into figure (id, kind, org_id, package_name, target, test_path, mean_ms,
                    spread_ms, measured, updated_at)
                  select sha2(id, 256), 'RUN', org_id, 'p', target, test_path, 5000, 900, 7,
                    created_at from job where id like 'job_0000%'
                  """);
              sql(
                  entities,
                  """
                  insert into attempt_result (job_id, number, outcome, installs, stock_installs,
                    set_up_ms, run_ms, finished_at)
                  select id, 1, 'PASSED', 0, 1, 0, 5000,
                    timestampadd(microsecond, substr(id, 5) * 1000, '2026-01-02 00:00:00')
                  from job where state = 'PASSED'
                  """);
              sql(
                  entities,
                  """
                  insert into run_wish (run_id, target, device)
                  select id, target, '{}' from run order by id limit 3
                  """);
              sql(
                  entities,
                  """
                  insert into run_target (run_id, target)
                  select id, 'DEVICE' from (select id from run order by id limit 3) r
                  """);
              return null;
            });
    world
        .database()
        .in(
            entities -> {
              entities
                  .createNativeQuery(
                      "analyze table job, attempt, attempt_result, job_group, figure")
                  .getResultList();
              return null;
            });
  }

  private static void sql(EntityManager entities, String statement) {
    entities.createNativeQuery(statement).executeUpdate();
  }

  /** Each statement that differs by more than its values, with the time of the longest. */
  private static Map<String, Long> heard(TestDatabase database, DatabaseWorld world) {
    long connection = ((Number) one(database, "select connection_id()")).longValue();
    assertThat(connection).isPositive();
    admin(database, "set global log_output = 'TABLE'");
    admin(database, "truncate table mysql.general_log");
    admin(database, "set global general_log = 'ON'");
    Map<String, Long> micros = new LinkedHashMap<>();
    try {
      work(world, micros);
    } finally {
      admin(database, "set global general_log = 'OFF'");
    }
    Map<String, Long> heard = new LinkedHashMap<>();
    for (Object row :
        database.in(
            entities ->
                entities
                    .createNativeQuery(
                        """
                        select min(convert(argument using utf8mb4)), count(*) from mysql.general_log
                        where command_type in ('Query', 'Execute')
                        group by statement_digest(convert(argument using utf8mb4))
                        """)
                    .getResultList())) {
      Object[] columns = (Object[]) row;
      String sql = String.valueOf(columns[0]).strip();
      String word = sql.toLowerCase(Locale.ROOT);
      if (word.startsWith("select")
          || word.startsWith("update")
          || word.startsWith("delete")
          || word.startsWith("(select")) {
        heard.put(sql, ((Number) columns[1]).longValue());
      }
    }
    micros.forEach((what, time) -> System.out.printf("%-22s %,9d µs%n", what, time));
    return heard;
  }

  private static void work(DatabaseWorld world, Map<String, Long> micros) {
    TestDatabase database = world.database();
    Target target = Target.EMULATOR;
    timed(micros, "has room", database, e -> new JpaBoardStore(e).hasRoom(target, LEASE));
    timed(micros, "board, first", database, e -> new JpaBoardStore(e).read(target, LEASE));
    timed(
        micros,
        "board, counts known",
        database,
        e -> {
          JpaBoardStore boards = new JpaBoardStore(e);
          boards.read(target, LEASE);
          long began = System.nanoTime();
          var board = boards.read(target, LEASE);
          micros.put("board, next", (System.nanoTime() - began) / 1000);
          began = System.nanoTime();
          var decisions = Placement.decide(board);
          micros.put("decision", (System.nanoTime() - began) / 1000);
          List<Released> sent =
              decisions.stream()
                  .map(d -> new Released(d.job().id(), d.job().generation(), "s1"))
                  .toList();
          boards.released(sent);
          boards.unreported(target, Duration.ofHours(1), LEASE, 500);
          began = System.nanoTime();
          boards.transferable(boards.read(Target.DEVICE, LEASE), 64);
          micros.put("transferable", (System.nanoTime() - began) / 1000);
          boards.learned(Fixtures.GROUP, Duration.ofSeconds(3), Duration.ofSeconds(4));
          boards.home(Fixtures.GROUP, "s1", null);
        });
    timed(micros, "books", database, e -> new Bookkeeper(new JpaBooks(e)).keep());
    Job some =
        database.in(e -> new JpaReportStore(e).job("job_" + "0".repeat(9) + "500")).orElseThrow();
    timed(
        micros,
        "jobs",
        database,
        e -> {
          JpaJobStore jobs = new JpaJobStore(e);
          jobs.find(some.id());
          jobs.lock(List.of(some.id()));
          jobs.waiting(new GroupKey(Fixtures.ORG, Fixtures.VERSION, 7, target), "s1", 32);
          jobs.underToken("t");
          jobs.isHeld("t");
          jobs.runningOn(target);
          jobs.expired(500);
          jobs.renew("w1", 1, List.of("t1", "t2"), LEASE);
          jobs.leasedBefore("w1", 2);
          jobs.recorded(some.id(), 1, "t");
        });
    timed(micros, "place in its group", database, e -> new JpaReportStore(e).before(some));
    timed(
        micros,
        "savings of a day",
        database,
        e -> new JpaReportStore(e).daily(null, Instant.now().minus(Duration.ofDays(1))));
    Slot slot = world.in(s -> s.fleet().slots()).get(0);
    assertThat(slot.id()).isNotEmpty();
  }

  private static void timed(
      Map<String, Long> micros, String what, TestDatabase database, Consumer<EntityManager> work) {
    long began = System.nanoTime();
    database.in(
        entities -> {
          work.accept(entities);
          return null;
        });
    micros.put(what, (System.nanoTime() - began) / 1000);
  }

  private static Object one(TestDatabase database, String sql) {
    return database.in(entities -> entities.createNativeQuery(sql).getSingleResult());
  }

  private static void admin(TestDatabase database, String sql) {
    database.in(entities -> entities.createNativeQuery(sql).executeUpdate());
  }

  private static void explain(TestDatabase database, String sql, long times, List<String> scans) {
    List<?> plan;
    try {
      plan =
          database.in(
              entities ->
                  entities
                      .createNativeQuery(
                          "explain format=traditional " + sql.replace(":", "\\:"), Object[].class)
                      .getResultList());
    } catch (RuntimeException e) {
      throw new AssertionError(sql, e);
    }
    for (Object row : plan) {
      Object[] step = (Object[]) row;
      // id, select_type, table, partitions, type, possible_keys, key, key_len, ref, rows, …
      String table = String.valueOf(step[2]);
      String type = String.valueOf(step[4]);
      Object key = step[6];
      System.out.printf(
          "%-60.60s %-14s %-8s %-28s %s%n", sql.replaceAll("\\s+", " "), table, type, key, step[9]);
      if (isGrowing(sql, table) && (key == null || type.equals("ALL") || type.equals("index"))) {
        scans.add(table + " by " + type + ": " + sql);
      }
    }
  }

  /** The plan names tables by their alias. */
  private static boolean isGrowing(String sql, String alias) {
    return GROWING.stream()
        .anyMatch(
            table ->
                alias.equals(table)
                    || sql.matches(
                        "(?s).*\\b"
                            + table
                            + "( as)? "
                            + java.util.regex.Pattern.quote(alias)
                            + "\\b.*"));
  }
}
