package dev.qgjob.domain.fleet;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A worker as registered; {@code incarnation} counts its starts. */
public record Worker(
    String id,
    String name,
    long incarnation,
    @Nullable String stateProofHash,
    boolean draining,
    @Nullable Instant lastBeatAt) {}
