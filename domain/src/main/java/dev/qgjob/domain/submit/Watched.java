package dev.qgjob.domain.submit;

import dev.qgjob.domain.lease.Absence;
import java.time.Duration;
import java.time.Instant;

/**
 * A run whose submitter said that it is for nobody once nobody waits for it.
 *
 * @param seenAt when somebody who waits was last heard
 * @param patience how long after that it is cancelled
 */
public record Watched(String runId, Instant seenAt, Duration patience) {
  /**
   * Nobody waits for it any more.
   *
   * @param absence who could not be heard meanwhile has as long again from its end
   */
  public boolean abandoned(Instant now, Absence absence) {
    Instant heard = absence.to().isAfter(seenAt) ? absence.to() : seenAt;
    return !heard.plus(patience).isAfter(now);
  }
}
