package dev.qgjob.lab.demo;

import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.util.List;

/**
 * What the demo did, as numbers.
 *
 * @param installs app installs counted at the phones
 * @param stockInstalls app installs that stock AppWright would have made for the same tests
 */
record Summary(
    int jobs,
    int passed,
    int failed,
    int errors,
    int phones,
    int appVersions,
    int installs,
    int stockInstalls) {
  static Summary of(List<RunView> runs, int phones, int installs) {
    List<JobView> jobs = runs.stream().flatMap(r -> r.jobs().stream()).toList();
    return new Summary(
        jobs.size(),
        count(jobs, JobState.PASSED),
        count(jobs, JobState.FAILED),
        count(jobs, JobState.ERROR) + count(jobs, JobState.CANCELLED),
        phones,
        (int) runs.stream().map(RunView::appVersionId).distinct().count(),
        installs,
        runs.stream().mapToInt(RunView::stockInstalls).sum());
  }

  private static int count(List<JobView> jobs, JobState state) {
    return (int) jobs.stream().filter(j -> j.state() == state).count();
  }

  /** What must hold of a demo: every job has a verdict of its spec, no install too many. */
  boolean holds(int failedOnPurpose) {
    return errors == 0
        && failed == failedOnPurpose
        && passed + failed == jobs
        && installs >= appVersions
        && installs <= appVersions * phones;
  }
}
