package dev.qgjob.domain.report;

import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What was installed, beside what stock AppWright would have.
 *
 * @param installs app installs made
 * @param stockInstalls app installs that stock AppWright would have made for the same attempts
 * @param saved how long those would have taken that were not made, by the measured time of one;
 *     negative where more were made; null where nothing has ended
 */
public record Savings(int installs, int stockInstalls, @Nullable Duration saved) {
  public static final Savings NONE = new Savings(0, 0, null);

  /**
   * What attempts of one build came to.
   *
   * @param setUp what its installs took together
   * @param setUpBefore what one takes as far as is known otherwise
   */
  public static Savings of(
      int installs, int stockInstalls, Duration setUp, @Nullable Duration setUpBefore) {
    Duration one = installs > 0 && !setUp.isZero() ? setUp.dividedBy(installs) : setUpBefore;
    return new Savings(
        installs,
        stockInstalls,
        one == null ? null : one.multipliedBy((long) stockInstalls - installs));
  }

  /** Both together. */
  public Savings plus(Savings other) {
    return new Savings(
        installs + other.installs,
        stockInstalls + other.stockInstalls,
        saved == null ? other.saved : other.saved == null ? saved : saved.plus(other.saved));
  }

  /** All together. */
  public static Savings sum(Collection<Savings> some) {
    return some.stream().reduce(NONE, Savings::plus);
  }

  static Savings of(Collection<Attempt> attempts) {
    int installs = 0;
    int stock = 0;
    Duration setUp = Duration.ZERO;
    for (Attempt attempt : attempts) {
      AttemptReport report = attempt.report();
      installs += report.installs();
      stock += report.stockInstalls();
      setUp = report.installs() > 0 ? setUp.plus(report.setUp()) : setUp;
    }
    return of(installs, stock, setUp, null);
  }
}
