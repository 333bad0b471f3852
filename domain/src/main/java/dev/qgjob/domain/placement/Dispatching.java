package dev.qgjob.domain.placement;

import dev.qgjob.domain.job.Target;

/** Inbound: the tick. Each call is one transaction. */
public interface Dispatching {
  /** Releases what can be released on this target, unless another server is at it. */
  TickResult tick(Target target);

  /** Ends expired leases and sends lost messages again; the count of jobs touched. */
  int sweep();

  /**
   * What a tick did.
   *
   * @param looked the board was looked at: there was room
   * @param awaitsOthers work waits for what jobs of other targets use, or for their ends
   */
  record TickResult(boolean locked, boolean looked, int released, int moved, boolean awaitsOthers) {
    /** Nothing was looked at. */
    static TickResult nothing(boolean locked) {
      return new TickResult(locked, false, 0, 0, false);
    }
  }
}
