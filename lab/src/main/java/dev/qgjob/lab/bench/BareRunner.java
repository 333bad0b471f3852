package dev.qgjob.lab.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.lab.stack.AppiumPart;
import dev.qgjob.lab.stack.Command;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.stack.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The specs without qgjob: one Playwright process by hand, against an Appium of its own that stays
 * up. It shares with the worker only the adapter script, which tells AppWright the phone.
 */
final class BareRunner implements AutoCloseable {
  private static final ObjectMapper PLAIN = new ObjectMapper();

  /** What is done to the app between tests. */
  enum Keeping {
    /** Its data is cleared, it stays: what the worker does by default. */
    APP,
    /** AppWright's own {@code fullReset}: uninstalled and installed for every test. */
    NOTHING
  }

  private final Distribution distribution;
  private final ShortSpecs specs;
  private final Path app;
  private final String udid;
  private final Path tools;
  private final Path folder;
  private final Map<String, String> environment;
  private final int systemPort = FreePort.next();
  private final AppiumPart appium;
  private int runs;

  /**
   * Starts its Appium.
   *
   * @param worker state folder of a worker that runs: its scripts are used, and its SDK folder
   *     where the environment names none
   * @param adb the variables that lead to the phone's adb server
   */
  BareRunner(
      Distribution distribution,
      ShortSpecs specs,
      Path app,
      String udid,
      Path worker,
      Path folder,
      Map<String, String> adb) {
    this.distribution = distribution;
    this.specs = specs;
    this.app = app;
    this.udid = udid;
    this.tools = worker.resolve("tools");
    this.folder = folder;
    this.environment = new HashMap<>(adb);
    String sdk = System.getenv("ANDROID_HOME");
    environment.put("ANDROID_HOME", sdk == null ? worker.resolve("sdk").toString() : sdk);
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("CI", "1");
    this.appium = AppiumPart.start(distribution, folder, adb);
  }

  /** Runs all specs and returns the seconds of the whole process; all of them have to pass. */
  double run(Keeping keeping) throws IOException {
    Path own = Files.createDirectories(folder.resolve("run-" + ++runs));
    Map<String, String> all = new HashMap<>(environment);
    all.put("ANDROID_SERIAL", udid);
    all.put("QGJOB_ADAPTER_SETTINGS", settings(keeping, own));
    all.put("NODE_OPTIONS", "--require \"" + tools.resolve("qgjob-adapter.cjs") + "\"");
    List<String> command =
        new ArrayList<>(
            List.of(
                "node",
                specs.folder().resolve("node_modules/@playwright/test/cli.js").toString(),
                "test",
                "--config",
                "appwright.config.js",
                "--project",
                "emulator",
                "--output",
                own.resolve("results").toString()));
    command.addAll(List.of("--workers", "1", "--retries", "0", "--reporter", "line"));
    command.addAll(List.of("--timeout", "120000"));
    long began = System.nanoTime();
    Command.Result result = Command.run(specs.folder(), all, command, 900);
    double seconds = (System.nanoTime() - began) / 1e9;
    Files.writeString(own.resolve("playwright.log"), result.out() + result.err());
    if (result.exit() != 0 || !result.out().contains(specs.count() + " passed")) {
      throw new IllegalStateException(
          "Playwright by hand ended with "
              + result.exit()
              + ", not with "
              + specs.count()
              + " passed; see "
              + own.resolve("playwright.log"));
    }
    return seconds;
  }

  /** The binary that the project's config names: what AppWright installs when left alone. */
  private Path original() {
    return specs.folder().resolve("node_modules/android-apidemos/apks/ApiDemos-debug.apk");
  }

  private String settings(Keeping keeping, Path own) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("slot", "phone " + udid);
    all.put("project", "emulator");
    all.put("providers", List.of("emulator", "local-device"));
    all.put("appPath", (keeping == Keeping.APP ? app : original()).toString());
    all.put("appPackage", "io.appium.android.apis");
    all.put("keepApp", keeping == Keeping.APP);
    all.put("appium", Map.of("host", "127.0.0.1", "port", appium.port(), "path", "/"));
    all.put("sessionTimeoutMs", 120_000);
    all.put("sessions", Files.createDirectories(own.resolve("sessions")).toString());
    Map<String, @Nullable Object> capabilities = new LinkedHashMap<>();
    capabilities.put("appium:udid", udid);
    capabilities.put("appium:systemPort", systemPort);
    capabilities.put("appium:adbPort", Integer.valueOf(environment.get("ANDROID_ADB_SERVER_PORT")));
    capabilities.put("appium:avd", null); // the phone is there
    if (keeping == Keeping.APP) {
      capabilities.put("appium:fullReset", null);
      capabilities.put("appium:noReset", null);
    } // else as AppWright sets it
    all.put("capabilities", capabilities);
    try {
      return PLAIN.writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    appium.close();
  }
}
