package dev.qgjob.api.event;

import java.util.HashMap;
import java.util.Map;

/** How many may watch at once, of one org and in all. Thread-safe. */
final class Places {
  private static final int OF_ONE_ORG = 50;
  private static final int IN_ALL = 200;

  private final int ofOneOrg;
  private final int inAll;
  private final Map<String, Integer> taken = new HashMap<>();
  private int takenInAll;

  Places(int ofOneOrg, int inAll) {
    this.ofOneOrg = ofOneOrg;
    this.inAll = inAll;
  }

  /** As many as a server has by default. */
  static Places usual() {
    return new Places(OF_ONE_ORG, IN_ALL);
  }

  /** False where there is none left. */
  synchronized boolean take(String org) {
    int ofOrg = taken.getOrDefault(org, 0);
    if (ofOrg >= ofOneOrg || takenInAll >= inAll) {
      return false;
    }
    taken.put(org, ofOrg + 1);
    takenInAll++;
    return true;
  }

  /** Gives one back that was taken. */
  synchronized void give(String org) {
    taken.computeIfPresent(org, (o, n) -> n == 1 ? null : n - 1);
    takenInAll--;
  }
}
