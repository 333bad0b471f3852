package dev.qgjob.domain.placement;

import dev.qgjob.domain.job.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Outbound: what was measured of attempts that ended, and the orgs' accounts. Calls run in the
 * transaction of the keeper.
 */
public interface Books {
  /**
   * How long an attempt has ended before it is booked: by then a transaction that was slower than
   * the next has come to its end as well.
   */
  Duration SETTLED = Duration.ofSeconds(2);

  /** Takes the books for this transaction; false if another keeper has them. */
  boolean lock();

  /**
   * Attempts of which something was heard, that ended {@link #SETTLED} ago and were not booked yet,
   * oldest first, about {@code most} of them; from now on they are booked.
   */
  List<Ended> takeEnded(int most);

  /** Orgs with jobs that wait or run, by target; every target has an entry. */
  Map<Target, Set<String>> active();

  /** Weights of the orgs that have another one than 1. */
  Map<String, Double> weights();

  Map<String, Ledger.Entry> accounts(Target target);

  void save(Target target, Map<String, Ledger.Entry> accounts);

  /** Adds to the minutes of BrowserStack that an org has used in a month of UTC. */
  void spend(String orgId, YearMonth month, Duration more);

  /** Those that are there. */
  Map<FigureKey, Figure> figures(Collection<FigureKey> keys);

  void save(Map<FigureKey, Figure> figures);

  /**
   * An attempt that ended.
   *
   * @param parts into how many parts its spec was divided
   * @param installs how many installs it made
   * @param setUp how long they took
   * @param run how long its tests ran
   */
  record Ended(
      String orgId,
      String packageName,
      Target target,
      String testPath,
      int parts,
      int installs,
      Duration setUp,
      Duration run,
      Instant at) {}
}
