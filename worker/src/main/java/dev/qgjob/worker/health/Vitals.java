package dev.qgjob.worker.health;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a phone says about its own state. What it does not say, or says in a form that is not known,
 * is empty: a phone is never judged by what could not be read.
 *
 * @param booted whether the system has come up
 * @param freeKiB free space for apps, in KiB
 * @param battery charge in per cent
 * @param powered whether it is being charged
 * @param temperature of the battery, in tenths of a degree Celsius
 * @param awake whether the screen is on
 * @param locked whether the lock screen is in front
 * @param front the window in front as {@code package/activity}, or the name of a system dialog
 */
public record Vitals(
    boolean booted,
    OptionalLong freeKiB,
    OptionalInt battery,
    boolean powered,
    OptionalInt temperature,
    boolean awake,
    boolean locked,
    Optional<String> front) {

  /** The one line for the phone's shell whose output {@link #parse} reads. */
  public static final String QUESTION =
      "echo @boot; getprop sys.boot_completed;"
          + " echo @df; df -k /data;"
          + " echo @battery; dumpsys battery;"
          + " echo @power; dumpsys power | grep mWakefulness=;"
          + " echo @window; dumpsys window | grep -E"
          + " 'mCurrentFocus=|mDreamingLockscreen=|mShowingLockscreen='";

  private static final Pattern DF =
      Pattern.compile("^\\S+\\s+\\d+\\s+\\d+\\s+(\\d+)\\s+\\d+%.*$", Pattern.MULTILINE);
  private static final Pattern LEVEL = Pattern.compile("^\\s*level: (\\d+)", Pattern.MULTILINE);
  private static final Pattern POWERED = Pattern.compile("powered: true");
  private static final Pattern TEMPERATURE =
      Pattern.compile("^\\s*temperature: (-?\\d+)", Pattern.MULTILINE);
  private static final Pattern WAKEFULNESS = Pattern.compile("mWakefulness=(\\w+)");
  private static final Pattern LOCKED =
      Pattern.compile("(?:mDreamingLockscreen|mShowingLockscreen)=true");
  private static final Pattern FOCUS =
      Pattern.compile("mCurrentFocus=Window\\{\\S+ (?:u\\d+ )?([^}]+)}");

  /** Reads what a phone answered to {@link #QUESTION}. */
  public static Vitals parse(String output) {
    Map<String, String> parts = parts(output.replace("\r", ""));
    String battery = parts.getOrDefault("battery", "");
    String window = parts.getOrDefault("window", "");
    Matcher wakefulness = WAKEFULNESS.matcher(parts.getOrDefault("power", ""));
    Matcher free = DF.matcher(parts.getOrDefault("df", ""));
    return new Vitals(
        parts.getOrDefault("boot", "").strip().equals("1"),
        free.find() ? OptionalLong.of(Long.parseLong(free.group(1))) : OptionalLong.empty(),
        number(LEVEL, battery),
        POWERED.matcher(battery).find(),
        number(TEMPERATURE, battery),
        !wakefulness.find() || wakefulness.group(1).equals("Awake"),
        LOCKED.matcher(window).find(),
        front(window));
  }

  /** Several displays each have a focus, most of them null. */
  private static Optional<String> front(String window) {
    Matcher focus = FOCUS.matcher(window);
    return focus.find() ? Optional.of(focus.group(1).strip()) : Optional.empty();
  }

  private static OptionalInt number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find()
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }

  /** The lines of an output by the {@code @name} that leads them. */
  static Map<String, String> parts(String output) {
    Map<String, String> parts = new HashMap<>();
    String name = "";
    StringBuilder text = new StringBuilder();
    for (String line : output.split("\n", -1)) {
      if (line.startsWith("@")) {
        parts.put(name, text.toString());
        name = line.substring(1).strip();
        text.setLength(0);
      } else {
        text.append(line).append('\n');
      }
    }
    parts.put(name, text.toString());
    return parts;
  }
}
