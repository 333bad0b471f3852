package dev.qgjob.simfarm.phone;

/**
 * The state that a phone is in, as its own tools tell it. It changes what the phone says and
 * refuses, and nothing of what it holds. Thread-safe.
 */
public final class Condition {
  /** Enough for anything. */
  public static final long MUCH = 45L << 20;

  private boolean booted = true;
  private long freeKiB = MUCH;
  private int battery = 100;
  private boolean powered = true;
  private int temperature = 250;
  private boolean awake = true;
  private boolean locked;
  private String secret = "";
  private String typed = "";
  private String dialog = "";

  /** Whether Android has come up. */
  public synchronized boolean booted() {
    return booted;
  }

  /** Free space for apps, in KiB. */
  public synchronized long freeKiB() {
    return freeKiB;
  }

  /** Charge in per cent. */
  public synchronized int battery() {
    return battery;
  }

  /** Whether it is being charged. */
  public synchronized boolean powered() {
    return powered;
  }

  /** The battery's temperature in tenths of a degree. */
  public synchronized int temperature() {
    return temperature;
  }

  /** Whether the screen is on. */
  public synchronized boolean awake() {
    return awake;
  }

  /** Whether the lock screen is in front. */
  public synchronized boolean locked() {
    return locked;
  }

  /** The system dialog in front, as {@code dumpsys window} names it; empty for none. */
  public synchronized String dialog() {
    return dialog;
  }

  /**
   * Sets one thing: booted, free-mib, battery, powered, temperature, awake, locked, secret, dialog.
   *
   * @throws IllegalArgumentException for a name or a value that cannot be, with one line for people
   */
  public synchronized void set(String name, String value) {
    switch (name) {
      case "booted" -> booted = Boolean.parseBoolean(value);
      case "free-mib" -> freeKiB = number(name, value) * 1024L;
      case "battery" -> battery = number(name, value);
      case "powered" -> powered = Boolean.parseBoolean(value);
      case "temperature" -> temperature = number(name, value);
      case "awake" -> awake = Boolean.parseBoolean(value);
      case "locked" -> locked = Boolean.parseBoolean(value);
      case "secret" -> secret = value;
      case "dialog" -> dialog = value;
      default ->
          throw new IllegalArgumentException(
              "'"
                  + name
                  + "' is none of booted, free-mib, battery, powered, temperature, awake, locked,"
                  + " secret, dialog");
    }
  }

  private static int number(String name, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is '" + value + "', not a whole number", e);
    }
  }

  /** The screen was switched on by a key. */
  public synchronized void wake() {
    awake = true;
  }

  /** Somebody asked for the lock screen to go: it does where there is no secret. */
  public synchronized void dismissLock() {
    typed = "";
    if (secret.isEmpty()) {
      locked = false;
    }
  }

  /** Text was typed; on the lock screen it is the secret. */
  public synchronized void type(String text) {
    typed = text;
  }

  /** The enter key: it ends what was typed. */
  public synchronized void enter() {
    if (typed.equals(secret)) {
      locked = false;
    }
    typed = "";
  }

  /** System dialogs are asked to close; that of this package goes with it. */
  public synchronized void closeDialog(String packageName) {
    if (packageName.isEmpty() || dialog.endsWith(packageName)) {
      dialog = "";
    }
  }
}
