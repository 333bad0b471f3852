package dev.qgjob.lab.faults.check;

import dev.qgjob.lab.figure.Bar;
import java.util.List;

/**
 * One figure, what it has to be, and what it was made of.
 *
 * @param n how many things were looked at: a figure of nothing proves nothing
 * @param examples the worst ones, in one line each
 */
public record Finding(Bar bar, int n, List<String> examples) {
  private static final int MOST_EXAMPLES = 5;

  public Finding {
    examples = List.copyOf(examples.subList(0, Math.min(MOST_EXAMPLES, examples.size())));
  }

  /** A count that has to be nothing. */
  static Finding none(String name, List<String> offences, int n) {
    return new Finding(new Bar(name, offences.size(), Bar.Rule.AT_MOST, 0, ""), n, offences);
  }
}
