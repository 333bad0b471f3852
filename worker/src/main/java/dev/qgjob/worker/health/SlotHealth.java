package dev.qgjob.worker.health;

import java.time.Duration;

/**
 * The rule by which a slot is withheld and comes back. Pure; times are nanoseconds of a monotonic
 * clock.
 *
 * <p>Three attempts in a row that broke for no fault of the test or the app put a slot into
 * quarantine. It is probed when its time is over; a probe that goes well lets it back on probation,
 * where one more break is enough and the time doubles, up to ten minutes. One attempt that did its
 * work makes it a slot like any other.
 */
public sealed interface SlotHealth {
  /** Breaks in a row that are no chance any more. */
  int MOST_BREAKS = 3;

  /** The first time in quarantine. */
  Duration FIRST = Duration.ofSeconds(30);

  /** The longest time in quarantine. */
  Duration LONGEST = Duration.ofMinutes(10);

  /**
   * It may be given work.
   *
   * @param breaks attempts in a row that broke
   * @param spells times in quarantine since it last did its work
   */
  record Fit(int breaks, int spells) implements SlotHealth {
    /** A slot that nothing is known against. */
    static final Fit NEW = new Fit(0, 0);
  }

  /**
   * It is given no work.
   *
   * @param reason for people
   * @param probeAt when it is looked at again
   */
  record Quarantined(String reason, long probeAt, int spells) implements SlotHealth {}

  /** An attempt did its work, whatever its verdict on the app. */
  default SlotHealth worked() {
    // one that was begun before the quarantine does not end it: the probe does
    return this instanceof Quarantined ? this : Fit.NEW;
  }

  /** An attempt broke, for no fault of test or app. */
  default SlotHealth broke(String reason, long now) {
    if (!(this instanceof Fit fit)) {
      return this;
    }
    int breaks = fit.breaks() + 1;
    if (breaks >= MOST_BREAKS) {
      return quarantined(
          breaks + " attempts in a row broke, the last one: " + reason, fit.spells(), now);
    }
    return fit.spells() > 0
        ? quarantined("broke again after a quarantine: " + reason, fit.spells(), now)
        : new Fit(breaks, 0);
  }

  /** A look at the phone found it unfit. */
  default SlotHealth unfit(String ailment, long now) {
    return quarantined(ailment, spells(), now);
  }

  /** A look at the phone found nothing wrong. */
  default SlotHealth probedWell() {
    return this instanceof Quarantined quarantined ? new Fit(0, quarantined.spells()) : this;
  }

  /** What broke was the host's doing: nothing of it counts. */
  default SlotHealth excused() {
    return Fit.NEW;
  }

  private int spells() {
    if (this instanceof Quarantined quarantined) {
      return quarantined.spells();
    }
    return ((Fit) this).spells();
  }

  private static SlotHealth quarantined(String reason, int spells, long now) {
    long pause = FIRST.toNanos() << Math.min(spells, 10);
    return new Quarantined(reason, now + Math.min(pause, LONGEST.toNanos()), spells + 1);
  }
}
