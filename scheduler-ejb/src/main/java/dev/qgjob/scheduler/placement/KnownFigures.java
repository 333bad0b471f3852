package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.placement.Books;
import dev.qgjob.domain.placement.Figure;
import dev.qgjob.domain.placement.FigureKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Figures as they were read last, each for ten seconds and, where there are very many, some more:
 * they steer, and a tick that finds them here asks nothing. Thread-safe.
 */
final class KnownFigures {
  private static final Duration FOR = Duration.ofSeconds(10);
  private static final int MOST = 100_000;

  /** What is old is read anew so many at a time: not all of it by the same tick. */
  private static final int AT_ONCE = 2_000;

  private final Books books;
  private final Map<FigureKey, Known> known = new ConcurrentHashMap<>();

  private record Known(@Nullable Figure figure, Instant until) {}

  KnownFigures(Books books) {
    this.books = books;
  }

  /** Reads those of these that are not known, and some of those that are old. */
  void read(Collection<FigureKey> keys, Instant now) {
    List<FigureKey> missing = new ArrayList<>();
    int old = 0;
    for (FigureKey key : Set.copyOf(keys)) {
      Known at = known.get(key);
      if (at == null || (!now.isBefore(at.until()) && old++ < AT_ONCE)) {
        missing.add(key);
      }
    }
    if (missing.isEmpty()) {
      return;
    }
    if (known.size() + missing.size() > MOST) {
      known.clear();
    }
    Map<FigureKey, Figure> found = books.figures(missing);
    missing.forEach(key -> known.put(key, new Known(found.get(key), now.plus(FOR))));
  }

  /** What was read of it, however long ago; empty where nothing was measured. */
  Optional<Duration> mean(FigureKey key) {
    Known at = known.get(key);
    return at == null || at.figure() == null ? Optional.empty() : Optional.of(at.figure().mean());
  }
}
