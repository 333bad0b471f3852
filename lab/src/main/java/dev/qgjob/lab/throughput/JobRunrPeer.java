package dev.qgjob.lab.throughput;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.sql.mysql.MySqlStorageProvider;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;

/**
 * JobRunr in this process: job requests, which spare it the analysis of a lambda's byte code; bulk
 * by stream; the shortest poll interval that it takes, and as many workers as the others have.
 */
final class JobRunrPeer implements Contender.Processing {
  private static final int WORKERS = 16;
  private static final BlockingQueue<Long> STARTED = new LinkedBlockingQueue<>();

  private final HikariDataSource source;
  private final StorageProvider storage;
  private final JobRequestScheduler scheduler;

  /** Does nothing. */
  public record Nothing() implements JobRequest {
    @Override
    public Class<DoNothing> getJobRequestHandler() {
      return DoNothing.class;
    }
  }

  /** Does it. */
  public static final class DoNothing implements JobRequestHandler<Nothing> {
    @Override
    public void run(Nothing nothing) {
      STARTED.offer(System.nanoTime());
    }
  }

  JobRunrPeer(String url) {
    source = MySql.pool(url);
    storage = new MySqlStorageProvider(source);
    storage.setJobMapper(new JobMapper(new JacksonJsonMapper()));
    scheduler = new JobRequestScheduler(storage);
  }

  @Override
  public String name() {
    return "JobRunr";
  }

  @Override
  public Enqueuer enqueuer() {
    return new Enqueuer() {
      @Override
      public void one() {
        scheduler.enqueue(new Nothing());
      }

      @Override
      public void many(int jobs) {
        scheduler.enqueue(Stream.generate(Nothing::new).limit(jobs));
      }
    };
  }

  @Override
  public double process(int jobs) throws Exception {
    enqueuer().many(jobs);
    long began = System.nanoTime();
    startServer();
    try {
      Sql.awaitNone(
          source,
          "select count(*) from jobrunr_jobs where state in ('ENQUEUED', 'PROCESSING')",
          Duration.ofMinutes(3));
      return jobs / ((System.nanoTime() - began) / 1e9);
    } finally {
      JobRunr.getBackgroundJobServer().stop();
    }
  }

  private void startServer() {
    JobRunr.configure()
        .useJsonMapper(new JacksonJsonMapper())
        .useStorageProvider(storage)
        .useBackgroundJobServer(
            BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                .andWorkerCount(WORKERS)
                .andPollInterval(Duration.ofSeconds(5)))
        .initialize();
  }

  @Override
  public List<Double> waits(int jobs) throws Exception {
    startServer();
    try {
      List<Double> waits = new ArrayList<>();
      STARTED.clear();
      for (int i = 0; i < jobs; i++) {
        long asked = System.nanoTime();
        scheduler.enqueue(new Nothing());
        Long start = Objects.requireNonNull(STARTED.poll(1, TimeUnit.MINUTES), "never started");
        waits.add((start - asked) / 1e6);
        TimeUnit.MILLISECONDS.sleep(20);
      }
      return waits;
    } finally {
      JobRunr.getBackgroundJobServer().stop();
    }
  }

  @Override
  public void empty() {
    STARTED.clear();
    Sql.execute(source, "truncate table jobrunr_jobs");
  }

  @Override
  public void close() {
    scheduler.shutdown();
    source.close();
  }
}
