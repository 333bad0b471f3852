package dev.qgjob.api.limit;

import java.util.HashMap;
import java.util.Map;

/** How many may do something at once, of one org and in all. Thread-safe. */
public final class Places {
  private final int ofOneOrg;
  private final int inAll;
  private final Map<String, Integer> taken = new HashMap<>();
  private int takenInAll;

  public Places(int ofOneOrg, int inAll) {
    this.ofOneOrg = ofOneOrg;
    this.inAll = inAll;
  }

  /** False where there is none left. */
  public boolean take(String org) {
    return take(org, 1);
  }

  /** So many at once; false where there are fewer left. */
  public synchronized boolean take(String org, int some) {
    int ofOrg = taken.getOrDefault(org, 0);
    if (ofOrg + some > ofOneOrg || takenInAll + some > inAll) {
      return false;
    }
    taken.put(org, ofOrg + some);
    takenInAll += some;
    return true;
  }

  /** Gives one back that was taken. */
  public void give(String org) {
    give(org, 1);
  }

  /** Gives so many back that were taken. */
  public synchronized void give(String org, int some) {
    taken.computeIfPresent(org, (o, n) -> n == some ? null : n - some);
    takenInAll -= some;
  }
}
