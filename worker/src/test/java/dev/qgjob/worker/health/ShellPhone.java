package dev.qgjob.worker.health;

import dev.qgjob.worker.discovery.FakeAdb;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The shell of one phone: its lock screen, its settings, its processes. */
final class ShellPhone implements AutoCloseable {
  static final String SERIAL = "R58M";

  private static final Pattern SETTING =
      Pattern.compile("settings (put|get) (\\w+ \\w+)(?: (\\S+))?");

  private final FakeAdb adb = new FakeAdb();
  private final List<String> typed = new CopyOnWriteArrayList<>();
  private final Map<String, String> settings = new HashMap<>();

  // guarded by this
  private String secret = "";
  private boolean locked;
  private String refuses = "";
  private final Set<String> processes = new TreeSet<>(Set.of("init", "dev.example.app"));
  private boolean old;

  ShellPhone() throws IOException {
    adb.phone(SERIAL, Map.of());
    adb.shell((serial, line) -> run(line));
  }

  int port() {
    return adb.port();
  }

  /** Locks the screen; nothing is needed to unlock it where {@code with} is empty. */
  synchronized void lock(String with) {
    locked = true;
    secret = with;
  }

  /** Does not take this setting, such as {@code global stay_on_while_plugged_in}. */
  synchronized void refuses(String setting) {
    refuses = setting;
  }

  /** Goes away when a secret is typed. */
  void goesAwayWhenTypedOn() {
    adb.endsAt("input text ");
  }

  /** Has this process beside the usual ones. */
  synchronized void runs(String process) {
    processes.add(process);
  }

  /** Has Android 7, whose ps is another. */
  synchronized void isOld() {
    old = true;
  }

  synchronized Set<String> processes() {
    return Set.copyOf(processes);
  }

  /** Secrets that were typed. */
  List<String> typed() {
    return typed;
  }

  private synchronized String run(String line) {
    StringBuilder out = new StringBuilder();
    for (String command : line.split(";")) {
      out.append(one(command.strip()));
    }
    return out.toString();
  }

  private String one(String command) {
    if (command.startsWith("echo ")) {
      return command.substring(5) + "\n";
    }
    Matcher setting = SETTING.matcher(command);
    if (setting.matches()) {
      if (setting.group(1).equals("get")) {
        return settings.getOrDefault(setting.group(2), "null") + "\n";
      }
      if (!setting.group(2).equals(refuses)) {
        settings.put(setting.group(2), setting.group(3));
      }
      return "";
    }
    if (command.startsWith("input text ")) {
      String text = command.substring("input text ".length());
      typed.add(text);
      locked &= !text.equals(secret);
    }
    if (command.equals("wm dismiss-keyguard")) {
      locked &= !secret.isEmpty();
    }
    if (command.startsWith("am force-stop ")) {
      processes.remove(command.substring("am force-stop ".length()));
    }
    if (command.equals("pkill -2 screenrecord")) {
      processes.remove("screenrecord");
    }
    if (command.startsWith("ps -A") && !old) {
      return "NAME\n" + String.join("\n", processes) + "\n";
    }
    if (command.endsWith("|| ps")) {
      StringBuilder out = new StringBuilder("USER PID PPID VSIZE RSS WCHAN PC NAME\r\n");
      processes.forEach(name -> out.append("shell 1 1 1 1 0 0 S ").append(name).append("\r\n"));
      return out.toString();
    }
    return switch (command.split(" ")[0]) {
      case "getprop" -> "1\n";
      case "dumpsys" -> command.contains("window") ? "mDreamingLockscreen=" + locked + "\n" : "";
      default -> "";
    };
  }

  @Override
  public void close() throws IOException {
    adb.close();
  }
}
