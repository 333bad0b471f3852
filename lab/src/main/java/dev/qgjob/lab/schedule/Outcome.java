package dev.qgjob.lab.schedule;

import java.util.List;

/**
 * A schedule, in the order of the starts.
 *
 * @param decisions how many placement decisions it took; 0 where nothing of the kind is taken
 */
public record Outcome(List<Placed> schedule, int decisions) {
  public Outcome {
    schedule = List.copyOf(schedule);
  }

  /**
   * A job's place, in seconds from the beginning.
   *
   * @param install the slot first installs the build, from {@code start} on
   * @param end {@code start}, plus the install if there is one, plus the job's duration
   */
  public record Placed(String job, String slot, boolean install, double start, double end) {}

  /** When the last job ends. */
  double makespan() {
    return schedule.stream().mapToDouble(Placed::end).max().orElse(0);
  }

  long installs() {
    return schedule.stream().filter(Placed::install).count();
  }
}
