package dev.qgjob.domain.fleet;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A worker as registered.
 *
 * @param incarnation counts its starts
 * @param registration number that its state folder gave the latest registration
 */
public record Worker(
    String id,
    String name,
    long incarnation,
    @Nullable String stateProofHash,
    long registration,
    boolean draining,
    @Nullable Instant lastBeatAt) {}
