package dev.qgjob.scheduler.placement;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What is said of a run when it is submitted and never changes: asked for once, and kept for the
 * runs that were asked for lately. Safe for concurrent use.
 */
final class OfRuns<T> {
  private static final int MOST_KNOWN = 10_000;
  private static final int AT_ONCE = 512;

  private final Map<String, T> known = new ConcurrentHashMap<>();
  private final Function<Collection<String>, Map<String, T>> find;
  private final T nothing;

  /**
   * @param find by the ids of runs; without those of which nothing is said
   */
  OfRuns(Function<Collection<String>, Map<String, T>> find, T nothing) {
    this.find = find;
    this.nothing = nothing;
  }

  /** Asks for those of these runs that were not asked for yet. */
  void read(Collection<String> runIds) {
    Set<String> unknown = new HashSet<>(runIds);
    unknown.removeAll(known.keySet());
    if (unknown.isEmpty()) {
      return;
    }
    if (known.size() > MOST_KNOWN) {
      known.keySet().retainAll(Set.copyOf(runIds));
    }
    List<String> runs = List.copyOf(unknown);
    for (int from = 0; from < runs.size(); from += AT_ONCE) {
      List<String> some = runs.subList(from, Math.min(runs.size(), from + AT_ONCE));
      Map<String, T> found = find.apply(some);
      some.forEach(run -> known.put(run, found.getOrDefault(run, nothing)));
    }
  }

  /** What is said of a run that was {@linkplain #read read}. */
  T of(String runId) {
    return known.getOrDefault(runId, nothing);
  }
}
