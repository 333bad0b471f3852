package dev.qgjob.domain.report;

import dev.qgjob.domain.job.Isolation;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job with its attempts.
 *
 * @param waitingFor what keeps it queued, in one line, or null
 */
public record JobReport(
    Job job, String project, List<Attempt> attempts, @Nullable String waitingFor) {
  public JobReport {
    attempts = List.copyOf(attempts);
  }

  /** Its tests pass on a new install alone, as this job showed or one before it. */
  public boolean leaksState() {
    return job.leaksState() || job.isolation() == Isolation.LEAKS;
  }

  /** Slots on which its tests failed, though they passed on another one with the same app. */
  public List<String> doubtedSlots() {
    if (job.state() != JobState.PASSED || job.leaksState() || attempts.isEmpty()) {
      return List.of();
    }
    String passedOn = attempts.get(attempts.size() - 1).slotId();
    return attempts.stream()
        .filter(attempt -> attempt.outcome() == JobState.FAILED)
        .map(Attempt::slotId)
        .filter(slot -> !slot.equals(passedOn))
        .distinct()
        .toList();
  }
}
