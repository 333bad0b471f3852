package dev.qgjob.domain.report;

import dev.qgjob.domain.job.FailureKind;
import dev.qgjob.domain.job.JobState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a job, as kept. {@code outcome} is RUNNING while it runs.
 *
 * @param artefacts what was uploaded for it
 */
public record Attempt(
    String jobId,
    int number,
    String slotId,
    JobState outcome,
    @Nullable FailureKind failureKind,
    @Nullable String message,
    Instant startedAt,
    @Nullable Instant finishedAt,
    AttemptReport report,
    List<Artefact> artefacts) {
  public Attempt {
    artefacts = List.copyOf(artefacts);
  }
}
