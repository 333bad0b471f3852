package dev.qgjob.worker.health;

import dev.qgjob.protocol.Target;
import dev.qgjob.worker.discovery.AdbServer;
import dev.qgjob.worker.run.Slot;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the phone itself, through the adb server's socket: no process is started. What a key press
 * can mend is mended first: a dark screen, a lock without a secret or with one that is known, a
 * dialog left by the job before.
 */
public final class PhoneProbe implements Probe {
  private static final Logger log = LoggerFactory.getLogger(PhoneProbe.class);

  /** Wakes, dismisses the lock, leaves whatever dialog is in front. */
  private static final String MEND =
      "input keyevent 224; wm dismiss-keyguard;"
          + " am broadcast -a android.intent.action.CLOSE_SYSTEM_DIALOGS; input keyevent 3";

  /**
   * What a job starts on a phone beside the app, which is cleared or kept as the job's reset says.
   */
  private static final Set<String> OF_JOBS =
      Set.of("io.appium.uiautomator2.server", "io.appium.uiautomator2.server.test", "screenrecord");

  /** Android before 8 lists all without being asked, and knows no -A. */
  private static final String PROCESSES = "ps -A -o NAME 2>/dev/null || ps";

  /** Android locks itself up for longer and longer after five wrong ones. */
  private static final int MOST_TRIES = 3;

  private final AdbServer adb;
  private final Fitness fitness;
  private final boolean mends;
  private final Map<String, LockSecret> secrets;

  /** How often in a row its secret did not unlock a phone, by serial. */
  private final Map<String, Integer> refused = new ConcurrentHashMap<>();

  /** A probe that wants phones to be as {@code fitness} says. */
  public PhoneProbe(AdbServer adb, Fitness fitness) {
    this(adb, fitness, true, Map.of());
  }

  /** The same, with the secrets of locked phones, by serial. */
  public PhoneProbe(AdbServer adb, Fitness fitness, Map<String, LockSecret> secrets) {
    this(adb, fitness, true, secrets);
  }

  /** A probe that only looks, unless it {@code mends}. */
  public PhoneProbe(AdbServer adb, Fitness fitness, boolean mends) {
    this(adb, fitness, mends, Map.of());
  }

  private PhoneProbe(
      AdbServer adb, Fitness fitness, boolean mends, Map<String, LockSecret> secrets) {
    this.secrets = Map.copyOf(secrets);
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
        if (vitals.locked()) {
          vitals = unlocked(slot, vitals);
        }
      }
      if (!vitals.locked()) {
        refused.remove(slot.udid());
      }
      return fitness.ailment(vitals).map(why -> why.equals(Fitness.LOCKED) ? locked(slot) : why);
    } catch (IOException e) {
      return Optional.of("it does not answer adb: " + e.getMessage());
    }
  }

  /** Types the phone's secret, if it is known and was not refused too often. */
  private Vitals unlocked(Slot slot, Vitals locked) throws IOException {
    LockSecret secret = secrets.get(slot.udid());
    if (secret == null || refused.getOrDefault(slot.udid(), 0) >= MOST_TRIES) {
      return locked;
    }
    adb.shell(slot.udid(), Preparation.WAKE);
    adb.shell(slot.udid(), secret.typing());
    refused.merge(slot.udid(), 1, Integer::sum);
    return vitals(slot);
  }

  private String locked(Slot slot) {
    return refused.getOrDefault(slot.udid(), 0) < MOST_TRIES
        ? Fitness.LOCKED
        : "its screen is locked, and its secret did not unlock it "
            + MOST_TRIES
            + " times: it is not tried again; unlock the phone, correct the secret and start the"
            + " worker anew";
  }

  private Vitals vitals(Slot slot) throws IOException {
    return Vitals.parse(adb.shell(slot.udid(), Vitals.QUESTION));
  }

  private static boolean mendable(Vitals vitals) {
    return vitals.booted()
        && (!vitals.awake() || vitals.locked() || ForeignWindow.in(vitals.front()).isPresent());
  }

  @Override
  public boolean clear(Slot slot) {
    if (slot.target() == Target.BROWSERSTACK) {
      return true;
    }
    try {
      Set<String> left =
          adb.shell(slot.udid(), PROCESSES)
              .lines()
              .map(line -> line.strip().replaceFirst(".*\\s", ""))
              .filter(OF_JOBS::contains)
              .collect(Collectors.toCollection(TreeSet::new));
      for (String name : left) {
        log.info("{}: ending {}, which a job left running", slot.id(), name);
        adb.shell(
            slot.udid(),
            name.equals("screenrecord") ? "pkill -2 screenrecord" : "am force-stop " + name);
      }
      return true;
    } catch (IOException e) {
      log.debug("{}: what jobs left running is not known: {}", slot.id(), e.getMessage());
      return false;
    }
  }

  /** The dialog of a crashed app goes with the app. */
  private void endCrashed(Slot slot, Vitals vitals) throws IOException {
    Optional<String> owner = ForeignWindow.in(vitals.front()).map(ForeignWindow::owner);
    if (owner.isPresent() && owner.get().matches("[A-Za-z][A-Za-z0-9_.]*")) {
      adb.shell(slot.udid(), "am force-stop " + owner.get());
    }
  }
}
