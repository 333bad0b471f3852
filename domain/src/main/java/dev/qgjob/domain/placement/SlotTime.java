package dev.qgjob.domain.placement;

import java.util.Arrays;

/** The slot time, in seconds, that there is until a moment, of slots that are free from theirs. */
final class SlotTime implements LowerBound.Capacity {
  private final double[] free;
  private final double[] sums;

  /**
   * @param busyFor seconds until each slot is free
   */
  SlotTime(double[] busyFor) {
    free = busyFor.clone();
    Arrays.sort(free);
    sums = new double[free.length + 1];
    for (int i = 0; i < free.length; i++) {
      sums[i + 1] = sums[i] + free[i];
    }
  }

  int slots() {
    return free.length;
  }

  /**
   * The moment at which the slots have done so many seconds of work: Σ max(0, t − f_i) = work.
   * Infinite without slots.
   */
  double level(double work) {
    if (free.length == 0) {
      return Double.POSITIVE_INFINITY;
    }
    int low = 0;
    int high = free.length - 1;
    while (low < high) { // the last slot that is free before the work is done
      int middle = (low + high + 1) >>> 1;
      if (middle * free[middle] - sums[middle] <= work) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return (work + sums[low + 1]) / (low + 1);
  }

  @Override
  public double until(double seconds) {
    int at = Arrays.binarySearch(free, seconds);
    int before = at < 0 ? -at - 1 : at;
    return before * seconds - sums[before];
  }
}
