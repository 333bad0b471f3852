package dev.qgjob.protocol.lease;

/** A lease on one attempt of a job, under the claim's token. */
public record Grant(
    String jobId, String runId, long generation, int attempt, RunSpecification run) {}
