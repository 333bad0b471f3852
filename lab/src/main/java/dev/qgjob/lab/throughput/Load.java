package dev.qgjob.lab.throughput;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Some threads that do one thing each, over and over, for a while. */
final class Load {
  private Load() {}

  /** What one thread does once; returns how many jobs that were. */
  interface Step {
    int run() throws Exception;
  }

  /** Jobs, and the seconds that they took. */
  record Done(long jobs, double seconds) {
    double perSecond() {
      return jobs / seconds;
    }
  }

  /** Each step in a thread of its own until the time is over; fails when one of them does. */
  static Done during(Duration time, List<Step> steps) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(steps.size());
    try {
      CountDownLatch ready = new CountDownLatch(steps.size());
      CountDownLatch go = new CountDownLatch(1);
      List<Future<Long>> counts = new ArrayList<>();
      for (Step step : steps) {
        Callable<Long> loop =
            () -> {
              ready.countDown();
              go.await();
              long end = System.nanoTime() + time.toNanos();
              long jobs = 0;
              do {
                jobs += step.run();
              } while (System.nanoTime() < end);
              return jobs;
            };
        counts.add(threads.submit(loop));
      }
      ready.await();
      long began = System.nanoTime();
      go.countDown();
      long jobs = 0;
      for (Future<Long> count : counts) {
        jobs += count.get();
      }
      return new Done(jobs, (System.nanoTime() - began) / 1e9);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      threads.shutdownNow();
    }
  }
}
