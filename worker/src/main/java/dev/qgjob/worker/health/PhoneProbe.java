package dev.qgjob.worker.health;

import dev.qgjob.protocol.Target;
import dev.qgjob.worker.discovery.AdbServer;
import dev.qgjob.worker.run.Slot;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the phone itself, through the adb server's socket: no process is started. What a key press
 * can mend is mended first: a dark screen, a lock without a secret, a dialog left by the job
 * before.
 */
public final class PhoneProbe implements Probe {
  private static final Logger log = LoggerFactory.getLogger(PhoneProbe.class);

  /** Wakes, dismisses the lock, leaves whatever dialog is in front. */
  private static final String MEND =
      "input keyevent 224; wm dismiss-keyguard;"
          + " am broadcast -a android.intent.action.CLOSE_SYSTEM_DIALOGS; input keyevent 3";

  private final AdbServer adb;
  private final Fitness fitness;
  private final boolean mends;

  /** A probe that wants phones to be as {@code fitness} says. */
  public PhoneProbe(AdbServer adb, Fitness fitness) {
    this(adb, fitness, true);
  }

  /** A probe that only looks, unless it {@code mends}. */
  public PhoneProbe(AdbServer adb, Fitness fitness, boolean mends) {
    this.adb = adb;
    this.fitness = fitness;
    this.mends = mends;
  }

  @Override
  public Optional<String> ailment(Slot slot) {
    if (slot.target() == Target.BROWSERSTACK) {
      return Optional.empty();
    }
    try {
      Vitals vitals = vitals(slot);
      if (mends && mendable(vitals)) {
        log.info("{}: screen off, locked or covered; mending that", slot.id());
        endCrashed(slot, vitals);
        adb.shell(slot.udid(), MEND);
        vitals = vitals(slot);
      }
      return fitness.ailment(vitals);
    } catch (IOException e) {
      return Optional.of("it does not answer adb: " + e.getMessage());
    }
  }

  private Vitals vitals(Slot slot) throws IOException {
    return Vitals.parse(adb.shell(slot.udid(), Vitals.QUESTION));
  }

  private static boolean mendable(Vitals vitals) {
    return vitals.booted()
        && (!vitals.awake() || vitals.locked() || ForeignWindow.in(vitals.front()).isPresent());
  }

  /** The dialog of a crashed app goes with the app. */
  private void endCrashed(Slot slot, Vitals vitals) throws IOException {
    Optional<String> owner = ForeignWindow.in(vitals.front()).map(ForeignWindow::owner);
    if (owner.isPresent() && owner.get().matches("[A-Za-z][A-Za-z0-9_.]*")) {
      adb.shell(slot.udid(), "am force-stop " + owner.get());
    }
  }
}
