package dev.qgjob.api.submit;

import dev.qgjob.api.problem.Refusal;
import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.report.Reports;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.report.RunReport;
import dev.qgjob.domain.submit.Build;
import dev.qgjob.domain.submit.WantedJob;
import java.util.List;

/** Which jobs of a run are repeated, and with which build. */
final class Retries {
  private Retries() {}

  /**
   * @param failed only those without a pass; needs the run's verdict, since more may fail yet
   */
  static List<WantedJob> jobs(RunReport run, boolean failed) {
    if (failed && !run.state().isVerdict()) {
      throw Refusal.of(
          409,
          "not-finished",
          "run "
              + run.run().id()
              + " is still "
              + run.state().name().toLowerCase(java.util.Locale.ROOT),
          "wait for its verdict, then retry what failed");
    }
    boolean pinned = run.run().eachOnItsTarget();
    List<WantedJob> jobs =
        run.jobs().stream()
            .map(report -> report.job())
            .filter(job -> !failed || !isGood(job.state()))
            .map(job -> new WantedJob(job.testPath(), pinned ? job.group().target() : null))
            .distinct()
            .toList();
    if (jobs.isEmpty()) {
      throw Refusal.field(
          "failed",
          "nothing of run " + run.run().id() + " failed",
          "leave out --failed to repeat all");
    }
    return jobs;
  }

  private static boolean isGood(JobState state) {
    return state == JobState.PASSED || state == JobState.SKIPPED;
  }

  /** The SHA-256 of the build that the run was bound to: the version may have newer ones. */
  static String build(Reports reports, Caller caller, Run run) {
    return reports.app(caller, run.appVersionId()).stream()
        .flatMap(app -> app.builds().stream())
        .filter(build -> build.number() == run.build())
        .map(Build::sha256)
        .findFirst()
        .orElseThrow(() -> Refusal.unknown("app version", run.appVersionId()));
  }
}
