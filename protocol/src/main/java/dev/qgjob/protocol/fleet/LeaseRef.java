package dev.qgjob.protocol.fleet;

/** A lease that a worker believes it holds. */
public record LeaseRef(String jobId, long generation, String token) {}
