package dev.qgjob.worker.process;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Builds the environment of a child from an allow-list: the worker's credentials never pass. */
public final class CleanEnvironment {
  private static final Set<String> ALLOWED =
      Set.of(
          "PATH",
          "LANG",
          "LC_ALL",
          "LC_CTYPE",
          "TZ",
          "CI",
          "ANDROID_HOME",
          "ANDROID_SDK_ROOT",
          "ANDROID_ADB_SERVER_PORT",
          "ANDROID_ADB_SERVER_ADDRESS",
          "JAVA_HOME",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "NO_PROXY",
          "ALL_PROXY",
          "NODE_EXTRA_CA_CERTS",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR");

  /** What npm needs to reach its registry; given to npm only. */
  private static final Set<String> FOR_NPM =
      Set.of("NPM_CONFIG_USERCONFIG", "NPM_CONFIG_GLOBALCONFIG", "NPM_CONFIG_REGISTRY");

  /** Where the emulator looks for virtual devices, its display and its key for adb. */
  private static final Set<String> FOR_EMULATOR =
      Set.of(
          "HOME",
          "TMPDIR",
          "ANDROID_AVD_HOME",
          "ANDROID_EMULATOR_HOME",
          "ANDROID_USER_HOME",
          "ANDROID_SDK_HOME",
          "ANDROID_PREFS_ROOT",
          "XDG_RUNTIME_DIR",
          "DISPLAY",
          "LD_LIBRARY_PATH");

  private CleanEnvironment() {}

  /**
   * The allowed part of {@code all}, with {@code home} as home and place for temporary files.
   *
   * @param home exists, and belongs to the child
   */
  public static Map<String, String> from(Map<String, String> all, Path home) {
    Map<String, String> clean = new LinkedHashMap<>();
    all.forEach(
        (name, value) -> {
          if (ALLOWED.contains(name.toUpperCase(Locale.ROOT))) {
            clean.put(name, value);
          }
        });
    clean.put("HOME", home.toString());
    clean.put("TMPDIR", home.toString());
    clean.put("XDG_CACHE_HOME", home.resolve(".cache").toString());
    clean.put("XDG_CONFIG_HOME", home.resolve(".config").toString());
    return clean;
  }

  /** The same for npm: with its settings, and the home where its registry's access is noted. */
  public static Map<String, String> forNpm(Map<String, String> all, Path home) {
    Map<String, String> clean = from(all, home);
    all.forEach(
        (name, value) -> {
          String upper = name.toUpperCase(Locale.ROOT);
          if (FOR_NPM.contains(upper)) {
            clean.put(name, value);
          }
        });
    return clean;
  }

  /**
   * The same for the Android emulator, which is no submitter's code: with the home of the worker's
   * own user, where its virtual devices are.
   */
  public static Map<String, String> forEmulator(Map<String, String> all) {
    Map<String, String> clean = new LinkedHashMap<>();
    all.forEach(
        (name, value) -> {
          if (ALLOWED.contains(name.toUpperCase(Locale.ROOT)) || FOR_EMULATOR.contains(name)) {
            clean.put(name, value);
          }
        });
    return clean;
  }
}
