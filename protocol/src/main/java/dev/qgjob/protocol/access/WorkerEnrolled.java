package dev.qgjob.protocol.access;

/** A worker's credentials; the token is told this once. */
public record WorkerEnrolled(String workerId, String name, String token) {}
