package dev.qgjob.protocol.lease;

import dev.qgjob.protocol.JobState;

/** The job after a recorded finish: queued again when it is retried. */
public record Finished(String jobId, JobState state) {}
