package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.placement.Books;
import dev.qgjob.domain.placement.Figure;
import dev.qgjob.domain.placement.FigureKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Figures as they were read last, each for ten seconds: they steer, and a tick that finds them here
 * asks nothing. Thread-safe.
 */
final class KnownFigures {
  private static final Duration FOR = Duration.ofSeconds(10);
  private static final int MOST = 20_000;

  private final Books books;
  private final Map<FigureKey, Known> known = new ConcurrentHashMap<>();

  private record Known(@Nullable Figure figure, Instant until) {}

  KnownFigures(Books books) {
    this.books = books;
  }

  /** Reads those of these that are not known, in one go. */
  void read(Collection<FigureKey> keys, Instant now) {
    List<FigureKey> missing = keys.stream().distinct().filter(key -> !isKnown(key, now)).toList();
    if (missing.isEmpty()) {
      return;
    }
    if (known.size() + missing.size() > MOST) {
      known.clear();
    }
    Map<FigureKey, Figure> found = books.figures(missing);
    missing.forEach(key -> known.put(key, new Known(found.get(key), now.plus(FOR))));
  }

  private boolean isKnown(FigureKey key, Instant now) {
    Known at = known.get(key);
    return at != null && now.isBefore(at.until());
  }

  /** What was read of it, however long ago; empty where nothing was measured. */
  Optional<Duration> mean(FigureKey key) {
    Known at = known.get(key);
    return at == null || at.figure() == null ? Optional.empty() : Optional.of(at.figure().mean());
  }
}
