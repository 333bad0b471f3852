package dev.qgjob.worker.install;

import dev.qgjob.worker.health.Vitals;
import dev.qgjob.worker.install.Adb.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One Android phone as adb sees it. Thread-safe. */
public final class Phone {
  private static final Duration SHORT = Duration.ofSeconds(10);
  private static final Duration INSTALL = Duration.ofMinutes(5);
  private static final Pattern DIGEST = Pattern.compile("^([0-9a-f]{64})\\b", Pattern.MULTILINE);

  /** Some minutes of a busy phone, and half a megabyte. */
  private static final int LOG_LINES = 4_000;

  private static final Pattern UPDATED = Pattern.compile("lastUpdateTime=(.+)");
  private static final Pattern VERSION = Pattern.compile("versionCode=(\\d+)");

  private final Adb adb;
  private final String udid;

  /** The phone that adb knows as {@code udid}. */
  public Phone(Adb adb, String udid) {
    this.adb = adb;
    this.udid = udid;
  }

  /** The serial. */
  public String udid() {
    return udid;
  }

  /** Whether adb can talk to it; the state or the reason is in the answer's output. */
  public Answer state() throws IOException, InterruptedException {
    return adb.on(udid, SHORT, "get-state");
  }

  /** Whether it is there and ready to talk to. */
  public boolean present() throws IOException, InterruptedException {
    Answer state = state();
    return state.well() && state.output().strip().endsWith("device");
  }

  /** Whether it carries out what it is told, and is not just on adb's list. */
  public boolean answers() throws IOException, InterruptedException {
    Answer answer = adb.on(udid, SHORT, "shell", "echo here");
    return answer.well() && answer.output().strip().equals("here");
  }

  /** The window in front, as the window manager names it. */
  public Optional<String> front() throws IOException, InterruptedException {
    return Vitals.parse(
            "@boot\n1\n@window\n"
                + adb.on(udid, SHORT, "shell", "dumpsys window | grep mCurrentFocus=").output())
        .front();
  }

  /** Puts a picture of the screen, a PNG, into {@code file}; no file if the phone gives none. */
  public void screenshot(Path file) throws IOException, InterruptedException {
    if (!adb.onInto(udid, SHORT, file, "exec-out", "screencap", "-p").well() || !isPng(file)) {
      Files.deleteIfExists(file);
    }
  }

  /**
   * Puts the last lines of the phone's own log into {@code file}, {@value #LOG_LINES} at most; no
   * file if the phone gives none.
   */
  public void log(Path file) throws IOException, InterruptedException {
    String lines = Integer.toString(LOG_LINES);
    if (!adb.onInto(udid, SHORT, file, "logcat", "-d", "-v", "threadtime", "-t", lines).well()) {
      Files.deleteIfExists(file);
    }
  }

  private static boolean isPng(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(4), new byte[] {(byte) 0x89, 'P', 'N', 'G'});
    }
  }

  /** The ABIs that it runs, the one first that it likes best; empty if it does not say. */
  public List<String> abis() throws IOException, InterruptedException {
    Answer list = adb.on(udid, SHORT, "shell", "getprop ro.product.cpu.abilist");
    return list.well()
        ? Arrays.stream(list.output().strip().split(","))
            .filter(abi -> abi.matches("[A-Za-z0-9_-]+"))
            .toList()
        : List.of();
  }

  /** SHA-256 of the installed base APK as the phone computes it; empty where it cannot. */
  Optional<String> installedDigest(String packageName) throws IOException, InterruptedException {
    List<String> paths =
        adb.on(udid, SHORT, "shell", "pm path " + packageName)
            .output()
            .lines()
            .filter(line -> line.startsWith("package:"))
            .map(line -> line.substring("package:".length()).strip())
            .toList();
    // of a split install no single file has the submitted digest
    if (paths.size() != 1 || !paths.get(0).matches("[A-Za-z0-9_./=~+-]+")) {
      return Optional.empty();
    }
    Answer sum = adb.on(udid, Duration.ofSeconds(60), "shell", "sha256sum " + paths.get(0));
    Matcher digest = DIGEST.matcher(sum.output());
    return digest.find() ? Optional.of(digest.group(1)) : Optional.empty();
  }

  /**
   * What the phone's package manager says of the installed package: changes with every install.
   * Empty when it is not installed.
   */
  Optional<String> installedTrace(String packageName) throws IOException, InterruptedException {
    String dump = adb.on(udid, SHORT, "shell", "dumpsys package " + packageName).output();
    Matcher version = VERSION.matcher(dump);
    Matcher updated = UPDATED.matcher(dump);
    if (!version.find()) {
      return Optional.empty();
    }
    return Optional.of(
        "versionCode="
            + version.group(1)
            + (updated.find() ? " lastUpdateTime=" + updated.group(1).strip() : ""));
  }

  /** Installs over what is there, with all permissions that the app asks for. */
  Answer install(Path apk) throws IOException, InterruptedException {
    return adb.onWhileThere(udid, INSTALL, "install", "-r", "-d", "-g", "-t", apk.toString());
  }

  Answer uninstall(String packageName) throws IOException, InterruptedException {
    return adb.on(udid, Duration.ofMinutes(1), "uninstall", packageName);
  }
}
