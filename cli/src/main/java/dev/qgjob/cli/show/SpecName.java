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
}
