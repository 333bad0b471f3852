package dev.qgjob.lab.figure;

/**
 * One measured figure.
 *
 * @param n how many measurements it stands for
 * @param least the smallest of them, in the same unit
 * @param most the largest of them, in the same unit
 * @param load the machine's one-minute load average when the measuring began
 */
public record Figure(
    String name, double value, String unit, int n, double least, double most, double load) {
  public static Figure median(String name, Samples samples, String unit, double load) {
    return new Figure(
        name, samples.median(), unit, samples.count(), samples.least(), samples.most(), load);
  }

  public static Figure single(String name, double value, String unit, double load) {
    return new Figure(name, value, unit, 1, value, value, load);
  }
}
