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
  public synchronized boolean take(String org) {
    int ofOrg = taken.getOrDefault(org, 0);
    if (ofOrg >= ofOneOrg || takenInAll >= inAll) {
      return false;
    }
    taken.put(org, ofOrg + 1);
    takenInAll++;
    return true;
  }

  /** Gives one back that was taken. */
  public synchronized void give(String org) {
    taken.computeIfPresent(org, (o, n) -> n == 1 ? null : n - 1);
    takenInAll--;
  }
}
