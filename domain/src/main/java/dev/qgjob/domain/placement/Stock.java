package dev.qgjob.domain.placement;

import java.util.HashMap;
import java.util.Map;

/** What is left of scarce resources while the decisions are taken. */
final class Stock {
  private final Map<String, Integer> left;

  Stock(Map<String, Integer> left) {
    this.left = new HashMap<>(left);
  }

  boolean suffices(Board.Need need) {
    return need.resources().stream().allMatch(key -> left.getOrDefault(key, 1) > 0);
  }

  void take(Board.Need need) {
    need.resources().forEach(key -> left.computeIfPresent(key, (k, count) -> count - 1));
  }
}
