package dev.qgjob.protocol.lease;

import dev.qgjob.protocol.JobState;
import org.jspecify.annotations.Nullable;

/**
 * What became of one finish.
 *
 * @param state the job's, where the finish is recorded, now or by an earlier copy of it; else null
 * @param reason why it counts for nothing, where it does not; else null
 */
public record JobFinished(String jobId, @Nullable JobState state, @Nullable String reason) {}
