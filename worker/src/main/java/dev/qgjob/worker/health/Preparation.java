package dev.qgjob.worker.health;

import dev.qgjob.worker.discovery.AdbServer;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Brings a phone into the shape that tests want. Safe to repeat. Thread-safe. */
public final class Preparation {
  private static final Pattern UDID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  /** What the shell of any Android takes as one word. */
  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9]{1,64}");

  /** Awake while charged, by any kind of power; nothing moves; nothing asks; nothing updates. */
  private static final String SETTINGS =
      "settings put global stay_on_while_plugged_in 7;"
          + " settings put global window_animation_scale 0;"
          + " settings put global transition_animation_scale 0;"
          + " settings put global animator_duration_scale 0;"
          + " settings put global verifier_verify_adb_installs 0;"
          + " settings put global package_verifier_user_consent -1;"
          + " settings put global ota_disable_automatic_update 1;"
          + " settings put system screen_off_timeout 1800000";

  private static final String WAKE = "input keyevent 224; wm dismiss-keyguard";

  private final AdbServer adb;
  private final Fitness fitness;
  private final Optional<String> secret;

  /**
   * A preparation.
   *
   * @param secret PIN or password of the lock screen
   * @throws IllegalArgumentException for a secret that cannot be typed safely
   */
  public Preparation(AdbServer adb, Fitness fitness, Optional<String> secret) {
    if (secret.isPresent() && !SECRET.matcher(secret.get()).matches()) {
      throw new IllegalArgumentException(
          "the secret has characters other than letters and digits: they cannot be typed safely");
    }
    this.adb = adb;
    this.fitness = fitness;
    this.secret = secret;
  }

  /** Prepares a phone; what is still wrong with it after that, for people. */
  public Optional<String> prepare(String udid) {
    if (!UDID.matcher(udid).matches()) {
      return Optional.of("that is no serial; adb devices tells them");
    }
    try {
      Vitals before = Vitals.parse(adb.shell(udid, Vitals.QUESTION));
      if (!before.booted()) {
        return fitness.ailment(before);
      }
      adb.shell(udid, SETTINGS);
      adb.shell(udid, WAKE);
      if (secret.isPresent() && Vitals.parse(adb.shell(udid, Vitals.QUESTION)).locked()) {
        adb.shell(udid, "input text " + secret.get() + "; input keyevent 66");
      }
      return fitness.ailment(Vitals.parse(adb.shell(udid, Vitals.QUESTION)));
    } catch (IOException e) {
      return Optional.of("it does not answer adb: " + e.getMessage());
    }
  }
}
