package dev.qgjob.lab.faults.plan;

import java.time.Duration;

/**
 * One fault to come.
 *
 * @param target number of the worker or server, from 0
 * @param length how long it lasts; of a kill: until the start
 * @param variant which form it takes, of those that its kind has
 * @param pause until the next one on the same lane, from this one's beginning for a worker's and
 *     from its end for the infrastructure's
 */
public record Strike(Kind kind, int target, Duration length, int variant, Duration pause) {
  /** In one line. */
  public String told() {
    return kind.label()
        + " "
        + (target + 1)
        + ", "
        + length.toMillis()
        + " ms"
        + (variant > 0 ? ", form " + variant : "");
  }
}
