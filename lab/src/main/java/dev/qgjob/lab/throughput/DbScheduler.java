package dev.qgjob.lab.throughput;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.jdbc.MySQL8JdbcCustomization;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * db-scheduler in this process, as its manual sets it for throughput: lock and fetch with limits 1
 * and 4, batches scheduled in one call, immediate execution.
 */
final class DbScheduler implements Contender.Processing {
  private static final int THREADS = 16;

  private final BlockingQueue<Long> started = new LinkedBlockingQueue<>();
  private final HikariDataSource source;
  private final OneTimeTask<Void> task =
      Tasks.oneTime("nothing", Void.class)
          .execute((instance, context) -> started.offer(System.nanoTime()));
  private final SchedulerClient client;
  private final AtomicLong ids = new AtomicLong();

  DbScheduler(String url) {
    source = MySql.pool(url);
    // the table of its manual for MySQL
    Sql.execute(
        source,
        """
        create table scheduled_tasks (
          task_name varchar(100) not null,
          task_instance varchar(100) not null,
          task_data blob,
          execution_time timestamp(6) not null,
          picked boolean not null,
          picked_by varchar(50),
          last_success timestamp(6) null,
          last_failure timestamp(6) null,
          consecutive_failures int,
          last_heartbeat timestamp(6) null,
          version bigint not null,
          priority smallint,
          primary key (task_name, task_instance),
          index execution_time_idx (execution_time),
          index last_heartbeat_idx (last_heartbeat),
          index priority_execution_time_idx (priority desc, execution_time asc)
        )
        """);
    client =
        SchedulerClient.Builder.create(source, task)
            .jdbcCustomization(new MySQL8JdbcCustomization(true))
            .build();
  }

  @Override
  public String name() {
    return "db-scheduler";
  }

  @Override
  public Enqueuer enqueuer() {
    return new Enqueuer() {
      @Override
      public void one() {
        client.scheduleIfNotExists(next(), Instant.now());
      }

      @Override
      public void many(int jobs) {
        List<TaskInstance<?>> all = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
          all.add(next());
        }
        client.scheduleBatch(all, Instant.now());
      }
    };
  }

  private TaskInstance<Void> next() {
    return task.instance(Long.toString(ids.incrementAndGet()));
  }

  @Override
  public double process(int jobs) throws Exception {
    enqueuer().many(jobs);
    Scheduler scheduler = scheduler();
    long began = System.nanoTime();
    scheduler.start();
    try {
      Sql.awaitNone(source, "select count(*) from scheduled_tasks", Duration.ofMinutes(3));
      return jobs / ((System.nanoTime() - began) / 1e9);
    } finally {
      scheduler.stop();
    }
  }

  private Scheduler scheduler() {
    return Scheduler.create(source, task)
        .threads(THREADS)
        .pollingInterval(Duration.ofMillis(100))
        .pollUsingLockAndFetch(1.0, 4.0)
        .enableImmediateExecution()
        .jdbcCustomization(new MySQL8JdbcCustomization(true))
        .build();
  }

  @Override
  public List<Double> waits(int jobs) throws Exception {
    Scheduler scheduler = scheduler();
    scheduler.start();
    try {
      started.clear();
      List<Double> waits = new ArrayList<>();
      for (int i = 0; i < jobs; i++) {
        long asked = System.nanoTime();
        scheduler.scheduleIfNotExists(next(), Instant.now());
        Long start = Objects.requireNonNull(started.poll(1, TimeUnit.MINUTES), "never started");
        waits.add((start - asked) / 1e6);
        TimeUnit.MILLISECONDS.sleep(20);
      }
      return waits;
    } finally {
      scheduler.stop();
    }
  }

  @Override
  public void empty() {
    started.clear();
    Sql.execute(source, "truncate table scheduled_tasks");
  }

  @Override
  public void close() {
    source.close();
  }
}
