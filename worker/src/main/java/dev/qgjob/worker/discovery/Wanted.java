package dev.qgjob.worker.discovery;

import dev.qgjob.protocol.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Which of the phones that are seen are offered.
 *
 * @param targets kinds that are offered
 * @param listed when not empty: only these, by serial, with what the list says about them
 * @param own serials that are offered whatever the other two say: this worker started them
 */
public record Wanted(Set<Target> targets, List<Found> listed, Predicate<String> own) {
  public Wanted {
    targets = Set.copyOf(targets);
    listed = List.copyOf(listed);
  }

  /** Where the worker starts no phones itself. */
  public Wanted(Set<Target> targets, List<Found> listed) {
    this(targets, listed, serial -> false);
  }

  /** The slot to offer for a phone that is seen, or none. */
  public Optional<Found> offer(Found seen) {
    Optional<Found> told =
        listed.stream()
            .filter(one -> one.udid().equals(seen.udid()))
            .findFirst()
            .map(one -> new Found(one.target(), one.udid(), merged(seen, one)));
    if (told.isPresent()) {
      return told;
    }
    boolean wanted = listed.isEmpty() && targets.contains(seen.target());
    return wanted || own.test(seen.udid()) ? Optional.of(seen) : Optional.empty();
  }

  private static Map<String, String> merged(Found seen, Found told) {
    Map<String, String> all = new TreeMap<>(seen.capabilities());
    all.putAll(told.capabilities());
    return all;
  }
}
