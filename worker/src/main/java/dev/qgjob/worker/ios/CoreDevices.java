package dev.qgjob.worker.ios;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.protocol.Target;
import dev.qgjob.worker.discovery.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads the file that {@code devicectl list devices} writes: phones and tablets, paired or seen.
 */
final class CoreDevices {
  private CoreDevices() {}

  /**
   * The iPhones and iPads among them.
   *
   * @param locked asks a phone that can be reached, by its udid
   */
  static List<Found> parse(JsonNode list, Predicate<String> locked) {
    List<Found> found = new ArrayList<>();
    for (JsonNode one : list.path("result").path("devices")) {
      JsonNode hardware = one.path("hardwareProperties");
      boolean phone =
          Ios.text(hardware, "platform").equals("iOS")
              && hardware.path("reality").asText("physical").equals("physical");
      if (phone) {
        phone(one, hardware, locked).ifPresent(found::add);
      }
    }
    return found;
  }

  /** One that the Mac never spoke to has no udid there, and can be no slot. */
  private static Optional<Found> phone(JsonNode one, JsonNode hardware, Predicate<String> locked) {
    JsonNode device = one.path("deviceProperties");
    String model = Ios.text(hardware, "marketingName");
    return new Ios()
        .with("name", Ios.text(device, "name"))
        .with("model", model.isEmpty() ? Ios.text(hardware, "productType") : model)
        .with("os_version", Ios.text(device, "osVersionNumber"))
        .found(
            Target.DEVICE,
            Ios.text(hardware, "udid"),
            ailment(one.path("connectionProperties"), device, hardware, locked));
  }

  private static Optional<String> ailment(
      JsonNode connection, JsonNode device, JsonNode hardware, Predicate<String> locked) {
    if (!Ios.text(connection, "pairingState").equals("paired")) {
      return Optional.of("not paired: plug it in and answer Trust on its screen");
    }
    // the tunnel is built when it is needed, so that its state says little; one that is out of
    // reach has no transport
    if (Ios.text(connection, "transportType").isEmpty()) {
      return Optional.of("disconnected: plug it in, or bring it into this Mac's network");
    }
    if (Ios.text(device, "developerModeStatus").equals("disabled")) {
      return Optional.of("its developer mode is off: Settings, Privacy & Security");
    }
    return locked.test(Ios.text(hardware, "udid"))
        ? Optional.of("locked: unlock its screen")
        : Optional.empty();
  }
}
