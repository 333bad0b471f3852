package dev.qgjob.protocol.lease;

/** The end of an attempt of a job. */
public record JobFinish(String jobId, Finish finish) {}
