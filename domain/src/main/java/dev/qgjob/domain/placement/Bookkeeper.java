package dev.qgjob.domain.placement;

import dev.qgjob.domain.job.Target;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Books what ended attempts used and how long they took: once a second, for all servers one, so
 * that neither a finish nor a tick has to.
 */
public final class Bookkeeper {
  private static final int MOST = 5000;

  private final Books books;

  public Bookkeeper(Books books) {
    this.books = books;
  }

  /** Books what is new; the count of attempts. One transaction. */
  public int keep() {
    if (!books.lock()) {
      return 0;
    }
    List<Books.Ended> ended = books.takeEnded(MOST);
    charge(ended);
    ended.stream()
        .filter(e -> e.target() == Target.BROWSERSTACK)
        .forEach(e -> books.spend(e.orgId(), Minutes.monthOf(e.at()), e.setUp().plus(e.run())));
    measure(ended);
    return ended.size();
  }

  private void charge(List<Books.Ended> ended) {
    Map<Target, Map<String, Duration>> used = new HashMap<>();
    for (Books.Ended e : ended) {
      used.computeIfAbsent(e.target(), t -> new HashMap<>())
          .merge(e.orgId(), e.setUp().plus(e.run()), Duration::plus);
    }
    Map<String, Double> weights = books.weights();
    books
        .active()
        .forEach(
            (target, active) -> {
              Map<String, Ledger.Entry> changed =
                  Ledger.keep(
                      books.accounts(target), used.getOrDefault(target, Map.of()), active, weights);
              if (!changed.isEmpty()) {
                books.save(target, changed);
              }
            });
  }

  private void measure(List<Books.Ended> ended) {
    Set<FigureKey> keys = new LinkedHashSet<>();
    ended.forEach(e -> keys.addAll(measured(e).keySet()));
    if (keys.isEmpty()) {
      return;
    }
    Map<FigureKey, Figure> figures = new HashMap<>(books.figures(keys));
    ended.forEach(
        e ->
            measured(e)
                .forEach(
                    (key, time) ->
                        figures.compute(
                            key, (k, f) -> f == null ? Figure.first(time) : f.and(time))));
    books.save(figures);
  }

  private static Map<FigureKey, Duration> measured(Books.Ended e) {
    Map<FigureKey, Duration> times = new HashMap<>();
    if (!e.run().isZero() && !e.run().isNegative()) {
      times.put(
          FigureKey.spec(e.orgId(), e.packageName(), e.target(), e.testPath()),
          e.run().multipliedBy(e.parts()));
      times.put(FigureKey.run(e.orgId(), e.packageName(), e.target()), e.run());
    }
    boolean each = e.target().setsUpEachSession() && !e.run().isZero();
    if ((e.installs() > 0 || each) && !e.setUp().isZero() && !e.setUp().isNegative()) {
      times.put(
          FigureKey.setUp(e.orgId(), e.packageName(), e.target()),
          each ? e.setUp() : e.setUp().dividedBy(e.installs()));
    }
    return times;
  }
}
