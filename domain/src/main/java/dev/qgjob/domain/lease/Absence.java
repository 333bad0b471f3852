package dev.qgjob.domain.lease;

import dev.qgjob.domain.job.Lease;
import java.time.Duration;
import java.time.Instant;

/**
 * A stretch of time in which no server worked with the database, so that no beat could be heard.
 *
 * @param from by the database's clock, as {@code to}
 */
public record Absence(Instant from, Instant to) {
  /** There was none. */
  public static final Absence NONE = new Absence(Instant.EPOCH, Instant.EPOCH);

  public Absence {
    if (to.isBefore(from)) {
      throw new IllegalArgumentException("an absence from " + from + " to " + to);
    }
  }

  /**
   * Whether a lease may have run out because of it: the lease would have had to be renewed while
   * nobody could be asked, or was renewed before that for the last time.
   *
   * @param length of a lease
   */
  public boolean explains(Lease lease, Duration length) {
    return lease.until().isAfter(from) && lease.until().minus(length).isBefore(to);
  }
}
