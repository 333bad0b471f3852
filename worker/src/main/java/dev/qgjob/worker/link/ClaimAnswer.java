package dev.qgjob.worker.link;

import dev.qgjob.protocol.lease.Granted;
import java.time.Duration;

/** What became of a claim. */
public sealed interface ClaimAnswer {
  /** The job is this slot's, maybe with more of its group. */
  record Won(Granted granted) implements ClaimAnswer {}

  /** The job is not to be run from this message: stale, cancelled, run already, or unknown. */
  record Lost(String reason) implements ClaimAnswer {}

  /**
   * No answer, or one that may be another next time: ask again with the same token.
   *
   * @param late the time for an answer was up: the server may need more of it
   */
  record Unclear(String reason, Duration retryAfter, boolean late) implements ClaimAnswer {}
}
