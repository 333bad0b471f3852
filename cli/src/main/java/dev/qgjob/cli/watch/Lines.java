package dev.qgjob.cli.watch;

import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.show.SpecName;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.util.HashMap;
import java.util.Map;

/** A line whenever a job changes; nothing moves. */
final class Lines implements Progress {
  private final Surroundings here;
  private final Map<String, String> told = new HashMap<>();

  Lines(Surroundings here) {
    this.here = here;
  }

  @Override
  public void show(RunView run) {
    run.jobs()
        .forEach(
            job -> {
              String now = line(run, job);
              if (!now.equals(told.put(job.jobId(), now))) {
                here.say(now);
              }
            });
  }

  private static String line(RunView run, JobView job) {
    String detail =
        switch (job.state()) {
          case QUEUED -> job.waitingFor() == null ? "" : ", waits for " + job.waitingFor();
          case RUNNING -> job.slotId() == null ? "" : " on " + job.slotId();
          case PASSED -> job.flaky() ? " (flaky)" : "";
          case FAILED, ERROR, SKIPPED -> job.message() == null ? "" : ": " + job.message();
          case CANCELLED -> "";
        };
    String attempt =
        job.attempt() > 1 && job.state() != JobState.PASSED
            ? " (attempt " + job.attempt() + ")"
            : "";
    return SpecName.of(run, job) + ": " + job.state() + attempt + detail;
  }

  @Override
  public void note(String line) {
    here.say(line);
  }

  @Override
  public void close() {}
}
