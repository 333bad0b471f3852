package dev.qgjob.worker.avd;

import java.time.Duration;

/**
 * How long is waited for what.
 *
 * @param boot for a phone that was started, or that adb lost, before it is started anew
 * @param first pause after an emulator died; each further one is about twice as long
 * @param longest of these pauses
 * @param settled a phone that was there for so long makes its emulator's earlier deaths forgotten
 * @param farewell for an emulator that was asked to end, before it is killed
 */
public record Pace(
    Duration boot, Duration first, Duration longest, Duration settled, Duration farewell) {
  /** For real emulators: a cold boot without acceleration takes minutes. */
  public static final Pace USUAL =
      new Pace(
          Duration.ofMinutes(5),
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          Duration.ofMinutes(2),
          Duration.ofSeconds(10));
}
