package dev.qgjob.domain.lease;

import java.time.Duration;

/**
 * The times that leases live by.
 *
 * @param lease how long a lease lives without a beat; longer than a restart of the server
 * @param mostPerClaim jobs that one claim may take
 */
public record LeasePolicy(Duration lease, int mostPerClaim) {
  private static final Duration LEAST_ABSENCE = Duration.ofMillis(1500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  public LeasePolicy {
    if (lease.toMillis() < 100 || mostPerClaim < 1) {
      throw new IllegalArgumentException("lease " + lease + ", most " + mostPerClaim);
    }
  }

  /** Time between beats: a quarter of the lease, so that three may be lost. */
  public Duration beat() {
    return lease.dividedBy(4);
  }

  /**
   * Time between two looks of a server for what nobody tells it, such as a lease that ran out: a
   * second, and less where a lease is so short that a second would be a good part of it.
   */
  public Duration pause() {
    Duration eighth = lease.dividedBy(8);
    return eighth.compareTo(LONGEST_PAUSE) < 0 ? eighth : LONGEST_PAUSE;
  }

  /** How long a sent message may stay unreported by a live slot. */
  public Duration grace() {
    return lease;
  }

  /**
   * Who was heard of so recently is alive: it has missed two beats at most. A lease that it holds
   * nevertheless ran out because it has given it up, or never knew of it.
   */
  public Duration alive() {
    return lease.dividedBy(2);
  }

  /**
   * A shorter silence of all servers cannot have cost anybody the lease: it leaves time for two
   * beats. The servers look at least once a second.
   */
  public Duration leastAbsence() {
    Duration half = lease.dividedBy(2);
    return half.compareTo(LEAST_ABSENCE) < 0 ? LEAST_ABSENCE : half;
  }
}
