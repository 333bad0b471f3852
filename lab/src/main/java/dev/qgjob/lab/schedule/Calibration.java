package dev.qgjob.lab.schedule;

import dev.qgjob.domain.explain.Explainer;
import dev.qgjob.domain.explain.Explanation;
import dev.qgjob.domain.explain.Situation;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.placement.Board;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What {@code explain} told of jobs just after their submission, beside when they started. A
 * sample: about {@value #SAMPLE} jobs of a workload. For one thread.
 */
final class Calibration {
  static final int SAMPLE = 60;

  private final int every;
  private final Map<String, Explanation.Outlook> told = new HashMap<>();
  private int seen;
  private int started;
  private int withinP50;
  private int withinP90;

  Calibration(Workload workload) {
    this.every = Math.max(1, workload.jobs().size() / SAMPLE);
  }

  /** True for a job whose forecast is to be asked for. */
  boolean wants() {
    return seen++ % every == 0;
  }

  /** Notes the forecast of a job that waits. */
  void ask(Job job, Board board, Map<String, String> device, int before) {
    if (job.state() == JobState.QUEUED) {
      Explanation said =
          Explainer.explain(
              new Situation(
                  job, board, device, Set.of(), before, Map.of(), Map.of(), null, null, null));
      Explanation.Outlook outlook = said.outlook();
      if (outlook != null) {
        told.put(job.id(), outlook);
      }
    }
  }

  /** The job begins, for the first time. */
  void began(String jobId, Instant at) {
    Explanation.Outlook outlook = told.remove(jobId);
    if (outlook != null) {
      started++;
      withinP50 += at.isAfter(outlook.startP50()) ? 0 : 1;
      withinP90 += at.isAfter(outlook.startP90()) ? 0 : 1;
    }
  }

  int started() {
    return started;
  }

  int withinP50() {
    return withinP50;
  }

  int withinP90() {
    return withinP90;
  }
}
