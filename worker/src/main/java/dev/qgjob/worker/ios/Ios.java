package dev.qgjob.worker.ios;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.protocol.Target;
import dev.qgjob.worker.discovery.Found;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One simulator or phone as a slot that takes no job. */
final class Ios {
  /** True of the fittest of them. */
  static final String NOT_DRIVEN = "iOS is discovered, not driven yet";

  private final Map<String, String> capabilities = new TreeMap<>(Map.of("platform", "ios"));

  /** Says one thing more of it, unless nothing is known. */
  Ios with(String name, String value) {
    if (!value.isBlank()) {
      capabilities.put(name, value.strip());
    }
    return this;
  }

  /**
   * The slot; empty when no slot can have this udid.
   *
   * @param ailment what would keep even an iOS job away from it
   */
  Optional<Found> found(Target target, String udid, Optional<String> ailment) {
    capabilities.put(
        Found.UNAVAILABLE, ailment.map(what -> what + "; " + NOT_DRIVEN).orElse(NOT_DRIVEN));
    try {
      return Optional.of(new Found(target, udid, capabilities));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Text at a place, empty where there is none. */
  static String text(JsonNode node, String name) {
    return node.path(name).asText("");
  }
}
