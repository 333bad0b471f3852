package dev.qgjob.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Board;
import dev.qgjob.domain.placement.BoardStore.Released;
import dev.qgjob.domain.placement.Decision;
import dev.qgjob.domain.placement.Heads;
import dev.qgjob.domain.placement.Placement;
import dev.qgjob.domain.testing.Fixtures;
import dev.qgjob.scheduler.placement.JpaBoardStore;
import dev.qgjob.scheduler.testing.DatabaseWorld;
import dev.qgjob.scheduler.testing.TestDatabase;
import jakarta.persistence.EntityManager;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a whole tick costs on MySQL: reading the board, the decision, noting what was sent. {@code
 * -Dtick.jobs=1000000} for the size that counts: a slot for each 100 jobs, a version for each 200,
 * an org for each 5,000. Half of the slots are at work. The first tick fills the others, with and
 * without what a server knows from its ticks before; then ten more ticks each find one slot in a
 * hundred idle, which is what a running system is like.
 *
 * <p>Told is the time on the clock and the processor's, here and in MySQL. The bars hold for the
 * latter, since what else the machine does is not the tick's.
 */
final class MySqlTickTest {
  private static final int LEAST_JOBS = Integer.getInteger("tick.least", 1_000);
  private static final int MOST_JOBS = Integer.getInteger("tick.jobs", 10_000);
  private static final int ROUNDS = 10;
  private static final double MOST_SECONDS = 1;
  private static final double NOISE = 2;

  /** Of the reading, when counts and figures are known; whatever the number of jobs. */
  private static final int MOST_QUERIES = 40;

  private static final Duration LEASE = Duration.ofHours(10);

  @TempDir Path folder;

  private record Cost(double seconds, double here, double there, long queries) {
    double processor() {
      return here + there;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%,6.0f ms (processor %,5.0f + %,5.0f, %,d queries)",
          seconds * 1000,
          here * 1000,
          there * 1000,
          queries);
    }
  }

  @Test
  void aTickCostsItsGroupsAndSlotsAndNotItsJobs() {
    TestDatabase database = TestDatabase.mySql();
    List<Double> ticks = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    for (int jobs = LEAST_JOBS; jobs <= MOST_JOBS; jobs *= 10) {
      sizes.add(jobs);
      DatabaseWorld world = new DatabaseWorld(database, folder);
      fill(world, jobs);
      EntityManager entities = database.factory().createEntityManager();
      try {
        ticks.add(measure(entities, jobs));
      } finally {
        entities.close();
      }
    }
    for (int i = 1; i < ticks.size(); i++) {
      double nLogN = 10 * Math.log(sizes.get(i)) / Math.log(sizes.get(i - 1));
      assertThat(ticks.get(i) / ticks.get(i - 1))
          .as("growth to %,d jobs", sizes.get(i))
          .isLessThan(NOISE * nLogN);
    }
    assertThat(ticks.get(ticks.size() - 1)).as("seconds").isLessThan(MOST_SECONDS);
    database.wipe();
  }

  /** The median of the ticks that find a slot in a hundred idle, in seconds of the processor. */
  private double measure(EntityManager entities, int jobs) {
    JpaBoardStore boards = new JpaBoardStore(entities);
    List<Cost> cost = new ArrayList<>();
    Board board = timed(entities, cost, () -> boards.read(Target.EMULATOR, LEASE));
    say(jobs, "first read of a server", cost);
    for (int i = 0; i < 3; i++) {
      board = timed(entities, cost, () -> boards.read(Target.EMULATOR, LEASE));
    }
    say(jobs, "read, half of the slots idle", cost);
    List<Decision> decisions = decide(entities, cost, board);
    say(jobs, "decision on " + decisions.size() + " jobs", cost);
    released(entities, boards, cost, decisions);
    say(jobs, "noting them", cost);
    List<Double> whole = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      free(entities, Math.max(1, slots(jobs) / 100));
      List<Cost> parts = new ArrayList<>();
      timed(entities, parts, () -> boards.hasRoom(Target.EMULATOR, LEASE));
      board = timed(entities, parts, () -> boards.read(Target.EMULATOR, LEASE));
      List<Decision> few = decide(entities, parts, board);
      released(entities, boards, parts, few);
      whole.add(parts.stream().mapToDouble(Cost::processor).sum());
      assertThat(few).isNotEmpty();
      assertThat(board.groups().stream().mapToInt(group -> group.heads().size()).sum())
          .isLessThanOrEqualTo(Math.max(Heads.IN_ALL, board.groups().size()));
      assertThat(parts.get(1).queries()).as("queries").isLessThan(MOST_QUERIES);
      if (round >= ROUNDS - 2) {
        System.out.printf(
            Locale.ROOT,
            "%,9d jobs: tick of %d jobs: room %s; read %s; decide %s; note %s: %,.0f ms%n",
            jobs,
            few.size(),
            parts.get(0),
            parts.get(1),
            parts.get(2),
            parts.get(3),
            parts.stream().mapToDouble(Cost::seconds).sum() * 1000);
      }
    }
    whole.sort(null);
    double median = whole.get(ROUNDS / 2);
    System.out.printf(
        Locale.ROOT, "%,9d jobs: tick, median: %,.0f ms of the processor%n", jobs, median * 1000);
    return median;
  }

  private static void say(int jobs, String what, List<Cost> cost) {
    System.out.printf(Locale.ROOT, "%,9d jobs: %-32s %s%n", jobs, what, cost.get(cost.size() - 1));
  }

  private static List<Decision> decide(EntityManager entities, List<Cost> cost, Board board) {
    return timed(entities, cost, () -> Placement.decide(board));
  }

  private static void released(
      EntityManager entities, JpaBoardStore boards, List<Cost> cost, List<Decision> decisions) {
    List<Released> sent = new ArrayList<>();
    for (Decision decision : decisions) {
      String slot = decision instanceof Decision.HandOff handOff ? handOff.slotId() : null;
      sent.add(new Released(decision.job().id(), decision.job().generation(), slot));
    }
    timed(
        entities,
        cost,
        () -> {
          boards.released(sent);
          return sent;
        });
  }

  /** What was sent to so many slots is gone from them, as if it had run. */
  private static void free(EntityManager entities, int slots) {
    entities.getTransaction().begin();
    entities
        .createNativeQuery(
            "update job set state = 'PASSED' where state = 'QUEUED' and target = 'EMULATOR'"
                + " and released_generation > 0 and released_slot_id is not null limit "
                + slots)
        .executeUpdate();
    entities.getTransaction().commit();
  }

  private static <T> T timed(EntityManager entities, List<Cost> cost, Supplier<T> work) {
    entities.getTransaction().begin();
    long[] there = there(entities);
    long here = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    long began = System.nanoTime();
    T result = work.get();
    double seconds = (System.nanoTime() - began) / 1e9;
    here = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - here;
    entities.getTransaction().commit();
    entities.getTransaction().begin();
    long[] after = there(entities);
    entities.getTransaction().commit();
    cost.add(new Cost(seconds, here / 1e9, (after[0] - there[0]) / 1e12, after[1] - there[1]));
    return result;
  }

  /** Picoseconds that MySQL's processor has worked for this session, and its statements. */
  private static long[] there(EntityManager entities) {
    Object[] row =
        (Object[])
            entities
                .createNativeQuery(
                    """
                    select sum(sum_cpu_time),
                      sum(case when event_name in ('statement/com/Execute', 'statement/sql/select',
                        'statement/sql/update') then count_star else 0 end)
                    from performance_schema.events_statements_summary_by_thread_by_event_name
                    where thread_id = ps_current_thread_id()
                    """)
                .getSingleResult();
    return new long[] {((Number) row[0]).longValue(), ((Number) row[1]).longValue()};
  }

  private static int slots(int jobs) {
    return Math.min(10_000, Math.max(10, jobs / 100));
  }

  private static void fill(DatabaseWorld world, int jobs) {
    int slots = slots(jobs);
    int versions = Math.min(5_000, Math.max(5, jobs / 200));
    int orgs = Math.min(200, Math.max(2, jobs / 5_000));
    world.org(Fixtures.ORG);
    world.worker("w1");
    Fixtures.slots(world, "w1", "s0");
    // makes a run to copy
    Fixtures.queued(world, 1, 1);
    world
        .database()
        .in(
            entities -> {
              sql(
                  entities,
                  "update performance_schema.setup_consumers set enabled = 'YES'"
                      + " where name = 'events_statements_cpu'");
              sql(entities, "set session cte_max_recursion_depth = 10000000");
              sql(entities, "set global innodb_buffer_pool_size = 2147483648");
              numbered(
                  entities, orgs, "org (id, name, created_at)", "concat('org', i), 'o', now()");
              numbered(
                  entities,
                  versions,
                  "build (org_id, app_version_id, number, sha256, file_name, size, package_name,"
                      + " version_name, created_at)",
                  "concat('org', i %% %d), concat('v', i), 1, sha2(i, 256), 'a.apk', 1,"
                          .formatted(orgs)
                      + " concat('p', i), '1', now()");
              numbered(
                  entities,
                  versions,
                  "job_group (id, org_id, app_version_id, build, target)",
                  "concat('grp_', i), concat('org', i %% %d), concat('v', i), 1, 'EMULATOR'"
                      .formatted(orgs));
              String others =
                  (String)
                      entities
                          .createNativeQuery(
                              "select group_concat(column_name) from information_schema.columns"
                                  + " where table_schema = database() and table_name = 'run'"
                                  + " and column_name not in ('id', 'org_id', 'app_version_id')")
                          .getSingleResult();
              numbered(
                  entities,
                  versions,
                  "run (id, org_id, app_version_id, " + others + ")",
                  "concat('run_', i), concat('org', i %% %d), concat('v', i), ".formatted(orgs)
                      + others,
                  "join (select * from run limit 1) template");
              sql(entities, "delete from job");
              sql(entities, "delete from slot_holding");
              sql(entities, "delete from slot");
              numbered(
                  entities,
                  slots,
                  "slot (id, worker_id, target, udid, capabilities, attached, attachment,"
                      + " last_beat_at)",
                  "concat('s', i), 'w1', 'EMULATOR', 'u', '{}', 1, 1, sysdate(3)");
              numbered(
                  entities,
                  slots,
                  "slot_holding (slot_id, package_name, sha256)",
                  "concat('s', i), concat('p', i %% %1$d), sha2(i %% %1$d, 256)"
                      .formatted(versions));
              numbered(
                  entities,
                  jobs,
                  "job (id, run_id, group_id, org_id, app_version_id, build, target, test_path,"
                      + " priority, state, generation, attempt, broken_attempts, retries_left,"
                      + " interrupted, flaky, created_at, due_at)",
                  """
                  concat('job_', lpad(i, 12, '0')), concat('run_', i %% %1$d),
                  concat('grp_', i %% %1$d), concat('org', i %% %1$d %% %2$d),
                  concat('v', i %% %1$d), 1, 'EMULATOR', concat('t', i %% 997, '.spec.js'), 0,
                  'QUEUED', 1, 0, 0, 0, 0, 0,
                  timestampadd(second, i div 1000, '2026-01-01 00:00:00'),
                  timestampadd(second, i div 1000, '2026-01-01 00:00:00')
                  """
                      .formatted(versions, orgs));
              // every other slot runs one, of the build that it holds
              sql(
                  entities,
                  """
                  update job j join slot s
                    on j.id = concat('job_', lpad(substr(s.id, 2), 12, '0'))
                  set j.state = 'RUNNING', j.attempt = 1, j.lease_token = concat('t', j.id),
                    j.lease_slot_id = s.id, j.lease_worker_id = 'w1', j.lease_incarnation = 1,
                    j.lease_until = timestampadd(hour, 1, sysdate(3)), j.started_at = sysdate(3)
                  where substr(s.id, 2) %% 2 = 0
                  """
                      .replace("%%", "%"));
              sql(
                  entities,
                  """
                  insert into attempt (job_id, number, generation, lease_token, slot_id, worker_id,
                    started_at)
                  select id, 1, 1, lease_token, lease_slot_id, 'w1', started_at from job
                  where state = 'RUNNING'
                  """);
              return null;
            });
    world
        .database()
        .in(
            entities ->
                entities
                    .createNativeQuery(
                        "analyze table job, attempt, job_group, slot, slot_holding, build, run")
                    .getResultList());
  }

  private static void numbered(EntityManager entities, int count, String into, String values) {
    numbered(entities, count, into, values, "");
  }

  private static void numbered(
      EntityManager entities, int count, String into, String values, String join) {
    sql(
        entities,
        "insert into "
            + into
            + " with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < "
            + count
            + ") select "
            + values
            + " from n "
            + join);
  }

  private static void sql(EntityManager entities, String statement) {
    entities.createNativeQuery(statement).executeUpdate();
  }
}
