package dev.qgjob.worker.discovery;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a phone says it is.
 *
 * @param booted whether Android has come up: before that much of the rest is not known to it
 * @param capabilities model, os_version, api_level, abi, abis (all that it runs), screen (pixels,
 *     as 1080x2400), locale and an emulator's avd, as far as it says
 */
record PhoneProperties(boolean emulator, boolean booted, Map<String, String> capabilities) {
  /** The line for the phone's shell whose output {@link #parse} reads. */
  static final String QUESTION = "getprop; wm size";

  private static final Map<String, String> NAMES =
      Map.of(
          "ro.product.model", "model",
          "ro.build.version.release", "os_version",
          "ro.build.version.sdk", "api_level",
          "ro.product.cpu.abi", "abi",
          "ro.product.cpu.abilist", "abis");

  private static final Pattern PROPERTY = Pattern.compile("^\\[([^]]+)]: \\[(.*)]$");
  private static final Pattern SIZE = Pattern.compile("^(Physical|Override) size: (\\d+x\\d+)$");

  PhoneProperties {
    capabilities = Map.copyOf(capabilities);
  }

  /** Reads what a phone answered to {@link #QUESTION}. */
  static PhoneProperties parse(String output) {
    Map<String, String> properties = new HashMap<>();
    Map<String, String> capabilities = new TreeMap<>();
    for (String line : output.split("\\r?\\n")) {
      Matcher property = PROPERTY.matcher(line.strip());
      Matcher size = SIZE.matcher(line.strip());
      if (property.matches()) {
        properties.put(property.group(1), property.group(2));
      } else if (size.matches()) {
        capabilities.put("screen", size.group(2)); // an override comes second, and counts
      }
    }
    NAMES.forEach((name, capability) -> put(capabilities, capability, properties.get(name)));
    put(capabilities, "locale", properties.get("ro.product.locale"));
    put(capabilities, "locale", properties.get("persist.sys.locale"));
    put(capabilities, "avd", properties.get("ro.kernel.qemu.avd_name"));
    put(capabilities, "avd", properties.get("ro.boot.qemu.avd_name"));
    boolean emulator =
        "1".equals(properties.get("ro.kernel.qemu")) || "1".equals(properties.get("ro.boot.qemu"));
    boolean booted = "1".equals(properties.get("sys.boot_completed"));
    return new PhoneProperties(emulator, booted, capabilities);
  }

  private static void put(Map<String, String> all, String name, @Nullable String value) {
    if (value != null && !value.isBlank()) {
      all.put(name, value.strip());
    }
  }
}
