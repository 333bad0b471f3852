package dev.qgjob.worker.health;

import dev.qgjob.worker.discovery.FakeAdb;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The shell of one phone: its lock screen and its settings. */
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
