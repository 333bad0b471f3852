package dev.qgjob.protocol.fleet;

import org.jspecify.annotations.Nullable;

/** Go on with a job, or stop it: {@code reason} says why. */
public record LeaseAnswer(String jobId, boolean goOn, @Nullable String reason) {}
