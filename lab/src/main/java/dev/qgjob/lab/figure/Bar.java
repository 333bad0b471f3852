package dev.qgjob.lab.figure;

import java.util.Locale;

/**
 * What a figure has to reach.
 *
 * @param rule which side of the limit is good
 */
public record Bar(String name, double value, Rule rule, double limit, String unit) {
  /** How a value compares to its limit. */
  public enum Rule {
    BELOW("<"),
    AT_MOST("<="),
    AT_LEAST(">=");

    private final String sign;

    Rule(String sign) {
      this.sign = sign;
    }

    @Override
    public String toString() {
      return sign;
    }
  }

  public boolean holds() {
    return switch (rule) {
      case BELOW -> value < limit;
      case AT_MOST -> value <= limit;
      case AT_LEAST -> value >= limit;
    };
  }

  /** In one line. */
  public String told() {
    return String.format(
            Locale.ROOT, "%s: %.2f %s, the bar is %s %s", name, value, unit, rule, limit)
        .strip();
  }
}
