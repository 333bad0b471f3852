package dev.qgjob.worker.ios;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.protocol.Target;
import dev.qgjob.worker.discovery.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@code simctl list -j devices} prints: devices by the runtime that they have. */
final class Simulators {
  /** tvOS, watchOS and visionOS have runtimes of their own. */
  private static final Pattern RUNTIME =
      Pattern.compile("^com\\.apple\\.CoreSimulator\\.SimRuntime\\.iOS-(\\d+(?:-\\d+)*)$");

  private Simulators() {}

  /** The iOS simulators, in the order of the list. */
  static List<Found> parse(JsonNode list) {
    List<Found> found = new ArrayList<>();
    for (Map.Entry<String, JsonNode> runtime : list.path("devices").properties()) {
      Matcher ios = RUNTIME.matcher(runtime.getKey());
      if (ios.matches()) {
        String version = ios.group(1).replace('-', '.');
        runtime.getValue().forEach(one -> simulator(one, version).ifPresent(found::add));
      }
    }
    return found;
  }

  private static Optional<Found> simulator(JsonNode one, String version) {
    return new Ios()
        .with("name", Ios.text(one, "name"))
        .with("model", model(Ios.text(one, "deviceTypeIdentifier")))
        .with("os_version", version)
        .found(Target.EMULATOR, Ios.text(one, "udid"), ailment(one));
  }

  /** The name may be a person's; the type's identifier is the model's name with hyphens. */
  private static String model(String type) {
    return type.substring(type.lastIndexOf('.') + 1).replace('-', ' ');
  }

  private static Optional<String> ailment(JsonNode one) {
    String state = Ios.text(one, "state");
    if (!one.path("isAvailable").asBoolean(true)) {
      String error = Ios.text(one, "availabilityError");
      return Optional.of("it cannot be started: " + (error.isEmpty() ? "no reason given" : error));
    }
    return switch (state) {
      case "Booted" -> Optional.empty();
      case "Shutdown" -> Optional.of("not booted: xcrun simctl boot starts it");
      default -> Optional.of("simctl calls it '" + state + "'");
    };
  }
}
