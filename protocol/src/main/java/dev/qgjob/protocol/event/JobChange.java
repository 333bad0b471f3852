package dev.qgjob.protocol.event;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import org.jspecify.annotations.Nullable;

/**
 * A job as it was after a change; the data of an event {@code job}. Of two about one job the later
 * has the greater generation, or the same and the later state.
 *
 * @param slotId where it runs
 */
public record JobChange(
    String orgId,
    String runId,
    String jobId,
    long generation,
    JobState state,
    int attempt,
    @Nullable String slotId,
    boolean flaky,
    @Nullable FailureKind failureKind,
    @Nullable String message) {}
