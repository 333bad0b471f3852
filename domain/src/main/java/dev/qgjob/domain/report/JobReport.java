package dev.qgjob.domain.report;

import dev.qgjob.domain.job.Job;
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
}
