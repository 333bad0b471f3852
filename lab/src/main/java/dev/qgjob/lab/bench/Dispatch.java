package dev.qgjob.lab.bench;

import dev.qgjob.client.ApiClient;
import dev.qgjob.lab.figure.Bar;
import dev.qgjob.lab.figure.Figure;
import dev.qgjob.lab.figure.Findings;
import dev.qgjob.lab.figure.Machine;
import dev.qgjob.lab.figure.Samples;
import dev.qgjob.lab.stack.Stack;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.fleet.SlotList;
import dev.qgjob.protocol.report.JobView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** From a job's row to the worker's claim while a slot is idle, both by the database's clock. */
final class Dispatch {
  private static final Duration MOST = Duration.ofMinutes(2);

  private Dispatch() {}

  /** Submits jobs one after another, each to the idle slot; returns the last one's id. */
  static String measure(Stack stack, String org, String version, int jobs, Findings findings) {
    ApiClient api = stack.submitter();
    double load = Machine.load();
    List<Double> milliseconds = new ArrayList<>();
    String last = "";
    for (int i = 0; i < jobs; i++) {
      await(() -> idle(api));
      JobView made =
          api.post(
              "/jobs",
              Map.of(
                  "org_id",
                  org,
                  "app_version_id",
                  version,
                  "test_path",
                  ShortSpecs.name(1),
                  "priority",
                  0,
                  "target",
                  "emulator"),
              JobView.class);
      last = made.jobId();
      String path = "/jobs/" + last;
      await(() -> api.get(path, JobView.class).finishedAt() != null);
      JobView job = api.get(path, JobView.class);
      if (job.state() != JobState.PASSED || job.attempts().size() != 1) {
        throw new IllegalStateException("a job is " + job.state() + ": " + job.message());
      }
      Instant claimed = Objects.requireNonNull(job.startedAt());
      milliseconds.add(Duration.between(job.createdAt(), claimed).toNanos() / 1e6);
    }
    Samples samples = new Samples(milliseconds);
    findings.add(Figure.median("job created to claimed, p50", samples, "ms", load));
    findings.add(
        new Figure(
            "job created to claimed, p99",
            samples.percentile(99),
            "ms",
            samples.count(),
            samples.least(),
            samples.most(),
            load));
    findings.add(new Bar("created to claimed, p50", samples.median(), Bar.Rule.BELOW, 50, "ms"));
    return last;
  }

  private static boolean idle(ApiClient api) {
    return api.get("/slots", SlotList.class).slots().stream()
        .allMatch(slot -> slot.state().equals("idle"));
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    long deadline = System.nanoTime() + MOST.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("a job took longer than " + MOST.toSeconds() + " s");
      }
      try {
        TimeUnit.MILLISECONDS.sleep(200);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
  }
}
