package dev.qgjob.api.health;

import dev.qgjob.domain.health.Vitals.Part;
import dev.qgjob.protocol.Health;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The parts of the server as their watchers see them. */
final class HealthMapper {
  private HealthMapper() {}

  static Health view(List<Part> parts, String version) {
    Map<String, String> checks = new TreeMap<>();
    parts.forEach(
        part -> checks.put(part.name(), Objects.requireNonNullElse(part.trouble(), "ok")));
    boolean ready = parts.stream().noneMatch(part -> part.needed() && part.trouble() != null);
    return new Health(true, ready, version, checks);
  }
}
