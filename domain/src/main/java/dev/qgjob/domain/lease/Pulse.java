package dev.qgjob.domain.lease;

import java.time.Duration;

/**
 * Outbound: the installation's own heartbeat, so that a server that comes back knows that it was
 * away. Calls run in the transaction of the caller.
 */
public interface Pulse {
  /** Of those who need not know: nobody was ever away. */
  Pulse STEADY = least -> Absence.NONE;

  /**
   * Notes that some server works with the database now.
   *
   * @param least a shorter silence is no absence
   * @return the latest absence, which may have ended this moment or long ago
   */
  Absence beat(Duration least);
}
