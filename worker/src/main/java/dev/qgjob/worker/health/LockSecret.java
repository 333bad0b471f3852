package dev.qgjob.worker.health;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** PIN or password of a phone's lock screen. */
public final class LockSecret {
  /** What the shell of any Android takes as one word. */
  private static final Pattern TYPABLE = Pattern.compile("[A-Za-z0-9]{1,64}");

  private final String text;

  /**
   * A secret.
   *
   * @throws IllegalArgumentException for one that cannot be typed safely
   */
  public LockSecret(String text) {
    if (!TYPABLE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "the secret has characters other than letters and digits: they cannot be typed safely");
    }
    this.text = text;
  }

  /**
   * The secrets of phones, by serial.
   *
   * @param variables the environment variable for each serial
   * @throws IllegalArgumentException with one line for people where there is no such variable
   */
  public static Map<String, LockSecret> in(
      Map<String, String> environment, Map<String, String> variables) {
    Map<String, LockSecret> all = new LinkedHashMap<>();
    variables.forEach(
        (serial, name) -> {
          String secret = environment.getOrDefault(name, "");
          if (secret.isEmpty()) {
            throw new IllegalArgumentException(
                "slots file: secret_from of "
                    + serial
                    + " is "
                    + name
                    + ": there is no such variable in the environment, or it is empty");
          }
          try {
            all.put(serial, new LockSecret(secret));
          } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
          }
        });
    return all;
  }

  /** The line for the phone's shell that types it, with the lock screen's field in front. */
  String typing() {
    return "input text " + text + "; input keyevent 66";
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "LockSecret";
  }
}
