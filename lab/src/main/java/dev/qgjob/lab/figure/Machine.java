package dev.qgjob.lab.figure;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.client.Json;
import dev.qgjob.lab.stack.Command;
import dev.qgjob.lab.stack.Distribution;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was measured on, and with which versions. */
public final class Machine {
  private Machine() {}

  /** The one-minute load average: processes that run or want to. Negative where it is not known. */
  public static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  /**
   * How many processors were busy on average since this was asked the last time, whoever's the work
   * was. Negative where it is not known.
   */
  public static double busyProcessors() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getCpuLoad() * system.getAvailableProcessors()
        : -1;
  }

  public static Map<String, String> versions(Distribution distribution) {
    Map<String, String> all = new TreeMap<>();
    all.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    all.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    all.put("java", System.getProperty("java.version"));
    all.put("node", firstLine("node", "--version"));
    all.put("adb", firstLine("adb", "--version"));
    all.put(
        "qgjob",
        firstLine("git", "-C", distribution.root().toString(), "rev-parse", "--short", "HEAD"));
    Path modules = distribution.example().resolve("node_modules");
    for (String name :
        List.of("appwright", "@playwright/test", "appium", "appium-uiautomator2-driver")) {
      all.put(name, packageVersion(modules.resolve(name).resolve("package.json")));
    }
    return all;
  }

  private static String firstLine(String... command) {
    try {
      return Command.run(Path.of("").toAbsolutePath(), Map.of(), List.of(command), 20)
          .out()
          .lines()
          .findFirst()
          .orElse("unknown");
    } catch (RuntimeException e) {
      return "unknown"; // a version that cannot be told spoils no figure
    }
  }

  private static String packageVersion(Path file) {
    try {
      JsonNode json = Json.mapper().readTree(Files.readString(file));
      return json.path("version").asText("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }
}
