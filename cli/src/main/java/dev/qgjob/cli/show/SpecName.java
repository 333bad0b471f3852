package dev.qgjob.cli.show;

import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;

/** What a job is called among those of its run. */
public final class SpecName {
  private SpecName() {}

  /** Its spec, or the part of it; with its target where the run has that spec on several. */
  public static String of(RunView run, JobView job) {
    boolean alone =
        run.jobs().stream().filter(other -> other.title().equals(job.title())).count() == 1;
    return alone ? job.title() : job.title() + " on " + job.target();
  }

  /**
   * The same for the spec that it is a part of: a history of tests finds them again, though a spec
   * has another number of parts each time.
   */
  public static String whole(RunView run, JobView job) {
    boolean oneTarget =
        run.jobs().stream()
            .filter(other -> other.testPath().equals(job.testPath()))
            .allMatch(other -> other.target() == job.target());
    return oneTarget ? job.testPath() : job.testPath() + " on " + job.target();
  }
}
