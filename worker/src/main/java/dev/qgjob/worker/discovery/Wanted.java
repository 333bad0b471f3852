package dev.qgjob.worker.discovery;

import dev.qgjob.protocol.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which of the phones that are seen are offered.
 *
 * @param targets kinds that are offered
 * @param listed when not empty: only these, by serial, with what the list says about them
 */
public record Wanted(Set<Target> targets, List<Found> listed) {
  public Wanted {
    targets = Set.copyOf(targets);
    listed = List.copyOf(listed);
  }

  /** The slot to offer for a phone that is seen, or none. */
  public Optional<Found> offer(Found seen) {
    if (listed.isEmpty()) {
      return targets.contains(seen.target()) ? Optional.of(seen) : Optional.empty();
    }
    return listed.stream()
        .filter(one -> one.udid().equals(seen.udid()))
        .findFirst()
        .map(one -> new Found(one.target(), one.udid(), merged(seen, one)));
  }

  private static Map<String, String> merged(Found seen, Found told) {
    Map<String, String> all = new TreeMap<>(seen.capabilities());
    all.putAll(told.capabilities());
    return all;
  }
}
