package dev.qgjob.domain.placement;

import java.util.List;

/**
 * The least time in which like slots can work off families of jobs, where a slot needs a set-up
 * before it first works on a family: no schedule is shorter.
 *
 * <p>It is the smallest T with T ≥ s_f + p_max,f for every family (no s_f where a slot is warm) and
 * Σ_f [P_f + n_f(T)·s_f] ≤ c(T), the slot time there is until T. Until T a slot that sets up for f
 * works T − s_f on it at most and one that is warm works T, so that f needs n_f(T) = max(0, ⌈(P_f −
 * w_f·T)/(T − s_f)⌉) set-ups. The left sides fall and c rises with T: bisect. The same counting of
 * set-ups bounds the splittable case in Deppert and Jansen, SPAA 2019 (arXiv 1810.01223).
 */
public final class LowerBound {
  private static final double PRECISION = 1e-7;
  private static final int MOST_STEPS = 200;
  private static final long NEVER = Integer.MAX_VALUE;

  private LowerBound() {}

  /**
   * Jobs that share a set-up; all times in seconds.
   *
   * @param work P: sum of their run times
   * @param longest p_max
   * @param setUp s
   * @param warm w: slots that are set up for it already
   */
  public record Family(double work, double longest, double setUp, int warm) {
    double least() {
      return warm > 0 ? longest : setUp + longest;
    }

    /** Set-ups without which it cannot end by then. */
    long setUps(double by) {
      double beyondTheWarm = work - warm * by;
      if (beyondTheWarm <= work * PRECISION) {
        return 0;
      }
      if (by <= setUp) {
        return NEVER;
      }
      return (long) Math.ceil(beyondTheWarm / (by - setUp) - PRECISION);
    }
  }

  /** Slot time, in seconds, that there is until a moment; rises with it. */
  @FunctionalInterface
  public interface Capacity {
    double until(double seconds);
  }

  /** The bound in seconds; 0 without work, infinite where there never is enough slot time. */
  public static double of(List<Family> families, Capacity capacity) {
    double low = families.stream().mapToDouble(Family::least).max().orElse(0);
    if (enough(families, capacity, low)) {
      return low;
    }
    double high = Math.max(1, 2 * low);
    for (int i = 0; !enough(families, capacity, high); i++) {
      if (i == MOST_STEPS) {
        return Double.POSITIVE_INFINITY;
      }
      low = high;
      high *= 2;
    }
    while (high - low > PRECISION * high) {
      double middle = (low + high) / 2;
      if (enough(families, capacity, middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }

  /** The least set-ups of a schedule that ends by then. */
  public static long setUps(List<Family> families, double by) {
    return families.stream().mapToLong(f -> f.setUps(by)).sum();
  }

  private static boolean enough(List<Family> families, Capacity capacity, double by) {
    double left = capacity.until(by) * (1 + PRECISION);
    for (Family family : families) {
      left -= family.work();
      if (family.setUp() > 0) {
        left -= family.setUps(by) * family.setUp();
      }
      if (left < 0) {
        return false;
      }
    }
    return true;
  }
}
