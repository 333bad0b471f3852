package dev.qgjob.protocol.event;

import dev.qgjob.protocol.JobState;

/**
 * All jobs of the run have their verdict; the data of an event {@code end}, the last of a stream.
 */
public record RunEnd(String runId, JobState state) {}
