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

  @Override
  public double until(double seconds) {
    int at = Arrays.binarySearch(free, seconds);
    int before = at < 0 ? -at - 1 : at;
    return before * seconds - sums[before];
  }
}
