package dev.qgjob.lab.faults.history;

import java.time.Instant;

/**
 * Turns the machine's monotonic clock, which all its processes share, into moments. Immutable.
 *
 * @param origin what the wall clock said when the monotonic clock said {@code originNanos}
 */
public record Timeline(Instant origin, long originNanos) {
  /** The time line that begins now. */
  public static Timeline begin() {
    return new Timeline(Instant.now(), System.nanoTime());
  }

  /** The moment of a {@link System#nanoTime} of any process of this machine. */
  public Instant at(long nanoTime) {
    return origin.plusNanos(nanoTime - originNanos);
  }

  /** This moment. */
  public Instant now() {
    return at(System.nanoTime());
  }
}
