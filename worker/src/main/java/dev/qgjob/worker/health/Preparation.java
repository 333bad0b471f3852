package dev.qgjob.worker.health;

import dev.qgjob.worker.discovery.AdbServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Brings a phone into the shape that tests want. Safe to repeat. Thread-safe. */
public final class Preparation {
  private static final Pattern UDID = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  /** Awake while charged, by any kind of power; nothing moves; nothing asks; nothing updates. */
  private static final Map<String, String> SETTINGS = settings();

  private static Map<String, String> settings() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("global stay_on_while_plugged_in", "7");
    all.put("global window_animation_scale", "0");
    all.put("global transition_animation_scale", "0");
    all.put("global animator_duration_scale", "0");
    all.put("global verifier_verify_adb_installs", "0");
    all.put("global package_verifier_user_consent", "-1");
    all.put("global ota_disable_automatic_update", "1");
    all.put("system screen_off_timeout", "1800000");
    return all;
  }

  private static final String PUT =
      SETTINGS.entrySet().stream()
          .map(one -> "settings put " + one.getKey() + " " + one.getValue())
          .collect(Collectors.joining("; "));

  private static final String GET =
      SETTINGS.keySet().stream()
          .map(name -> "echo @" + name + "; settings get " + name)
          .collect(Collectors.joining("; "));

  static final String WAKE = "input keyevent 224; wm dismiss-keyguard";

  private final AdbServer adb;
  private final Fitness fitness;
  private final Optional<LockSecret> secret;

  /**
   * A preparation.
   *
   * @param secret of the lock screen
   */
  public Preparation(AdbServer adb, Fitness fitness, Optional<LockSecret> secret) {
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
      adb.shell(udid, PUT);
      Optional<String> refused = refused(adb.shell(udid, GET));
      adb.shell(udid, WAKE);
      if (secret.isPresent() && Vitals.parse(adb.shell(udid, Vitals.QUESTION)).locked()) {
        adb.shell(udid, secret.get().typing());
      }
      Optional<String> ailment = fitness.ailment(Vitals.parse(adb.shell(udid, Vitals.QUESTION)));
      return Stream.of(ailment, refused)
          .flatMap(Optional::stream)
          .reduce((one, other) -> one + "; " + other);
    } catch (IOException e) {
      return Optional.of("it does not answer adb: " + e.getMessage());
    }
  }

  /**
   * Which settings did not stay as they were put; one that the phone does not tell is not judged.
   */
  private static Optional<String> refused(String told) {
    Map<String, String> parts = Vitals.parts(told.replace("\r", ""));
    List<String> refused = new ArrayList<>();
    SETTINGS.forEach(
        (name, wanted) -> {
          String is = parts.getOrDefault(name, "").strip();
          if (!is.isEmpty() && !same(is, wanted)) {
            refused.add(name + " is " + is.lines().findFirst().orElse("") + ", not " + wanted);
          }
        });
    return refused.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "it refuses settings: "
                + String.join(", ", refused)
                + "; set them by hand, or allow adb to in its developer options");
  }

  /** Some phones keep 0 as 0.0. */
  private static boolean same(String is, String wanted) {
    return is.equals(wanted) || is.matches(wanted + "\\.0+");
  }
}
