package dev.qgjob.worker.health;

import java.util.Locale;
import java.util.Optional;

/**
 * What a phone must have to be given a job.
 *
 * @param freeKiB free space that installing an app may take
 * @param battery charge in per cent below which a phone that is not being charged may go out
 * @param temperature battery's, in tenths of a degree, above which phones throttle or switch off
 */
public record Fitness(long freeKiB, int battery, int temperature) {
  /** Enough for a large app and its data; 10 per cent; 50 degrees. */
  public static final Fitness USUAL = new Fitness(512 * 1024, 10, 500);

  /** Of a phone that is locked. */
  static final String LOCKED =
      "its screen is locked: remove the lock, or name its secret, as secret_from in the slots file"
          + " or to qgjob-worker prepare";

  /** Why the phone is unfit, for people; empty when it is fit. */
  public Optional<String> ailment(Vitals vitals) {
    if (!vitals.booted()) {
      return Optional.of("it is still starting");
    }
    if (vitals.freeKiB().isPresent() && vitals.freeKiB().getAsLong() < freeKiB) {
      return Optional.of(
          "its storage is full: "
              + vitals.freeKiB().getAsLong() / 1024
              + " MiB are free, "
              + freeKiB / 1024
              + " MiB are needed; remove apps or files");
    }
    if (vitals.battery().isPresent()
        && vitals.battery().getAsInt() < battery
        && !vitals.powered()) {
      return Optional.of(
          "its battery is at " + vitals.battery().getAsInt() + " % and is not being charged");
    }
    if (vitals.temperature().isPresent() && vitals.temperature().getAsInt() > temperature) {
      return Optional.of(
          String.format(
              Locale.ROOT, "its battery has %.1f °C", vitals.temperature().getAsInt() / 10.0));
    }
    if (!vitals.awake()) {
      return Optional.of("its screen is off");
    }
    if (vitals.locked()) {
      return Optional.of(LOCKED);
    }
    return ForeignWindow.in(vitals.front()).map(window -> "in front is " + window.name());
  }
}
