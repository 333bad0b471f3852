package dev.qgjob.lab.figure;

import java.util.ArrayList;
import java.util.List;

/** Some measurements of one thing, in one unit; never empty. */
public record Samples(List<Double> values) {
  public Samples {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    List<Double> sorted = new ArrayList<>(values);
    sorted.sort(null);
    values = List.copyOf(sorted);
  }

  /** The middle one; of an even number the mean of both. */
  public double median() {
    int middle = values.size() / 2;
    return values.size() % 2 == 1
        ? values.get(middle)
        : (values.get(middle - 1) + values.get(middle)) / 2;
  }

  /** The smallest one that so many per cent are not above (nearest rank). */
  public double percentile(int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * values.size());
    return values.get(Math.max(1, rank) - 1);
  }

  public int count() {
    return values.size();
  }

  public double least() {
    return values.get(0);
  }

  public double most() {
    return values.get(values.size() - 1);
  }
}
