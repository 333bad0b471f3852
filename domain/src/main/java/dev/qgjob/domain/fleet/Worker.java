package dev.qgjob.domain.fleet;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A worker as registered.
 *
 * @param incarnation counts its starts
 * @param registration number that its state folder gave the latest registration
 * @param untrusted its host runs what strangers submit: all its slots are marked for that
 */
public record Worker(
    String id,
    String name,
    long incarnation,
    @Nullable String stateProofHash,
    long registration,
    boolean draining,
    @Nullable Instant lastBeatAt,
    boolean untrusted) {
  /** One whose slots are marked where it says so itself. */
  public Worker(
      String id,
      String name,
      long incarnation,
      @Nullable String stateProofHash,
      long registration,
      boolean draining,
      @Nullable Instant lastBeatAt) {
    this(id, name, incarnation, stateProofHash, registration, draining, lastBeatAt, false);
  }
}
