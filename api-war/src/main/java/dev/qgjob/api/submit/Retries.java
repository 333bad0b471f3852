package dev.qgjob.api.submit;

import dev.qgjob.api.problem.Refusal;
import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.report.Attempt;
import dev.qgjob.domain.report.JobReport;
import dev.qgjob.domain.report.Reports;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.report.RunReport;
import dev.qgjob.domain.report.TestRef;
import dev.qgjob.domain.report.TestResult;
import dev.qgjob.domain.submit.Build;
import dev.qgjob.domain.submit.WantedJob;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which jobs of a run are repeated, with which of their tests, and with which build. */
final class Retries {
  private Retries() {}

  /**
   * What is repeated.
   *
   * @param only the tests that it is about, by spec; a spec that is missing is repeated as a whole
   */
  record Again(List<WantedJob> jobs, Map<String, List<TestRef>> only) {}

  /**
   * @param failed only what has no pass; needs the run's verdict, since more may fail yet
   */
  static Again of(RunReport run, boolean failed) {
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
    List<JobReport> again =
        run.jobs().stream().filter(report -> !failed || !isGood(report.job().state())).toList();
    if (again.isEmpty()) {
      throw Refusal.field(
          "failed",
          "nothing of run " + run.run().id() + " failed",
          "leave out --failed to repeat all");
    }
    boolean pinned = run.run().eachOnItsTarget();
    List<WantedJob> jobs =
        again.stream()
            .map(JobReport::job)
            .map(job -> new WantedJob(job.testPath(), pinned ? job.group().target() : null))
            .distinct()
            .toList();
    return new Again(jobs, failed ? failedTests(run.run(), again) : run.run().only());
  }

  private static boolean isGood(JobState state) {
    return state == JobState.PASSED || state == JobState.SKIPPED;
  }

  /**
   * The tests that went wrong in each spec. One with a job that broke in place of failing is
   * repeated with all that it was about: who knows what else would have failed.
   */
  private static Map<String, List<TestRef>> failedTests(Run run, List<JobReport> again) {
    Map<String, Set<TestRef>> failed = new TreeMap<>();
    Set<String> all = new HashSet<>();
    for (JobReport report : again) {
      String spec = report.job().testPath();
      List<TestRef> tests = failedTests(report);
      if (tests.isEmpty()) {
        all.add(spec);
      }
      failed.computeIfAbsent(spec, s -> new LinkedHashSet<>()).addAll(tests);
    }
    failed.keySet().removeAll(all);
    Map<String, List<TestRef>> only = new TreeMap<>(run.only());
    only.keySet().retainAll(all);
    failed.forEach((spec, tests) -> only.put(spec, List.copyOf(tests)));
    return only;
  }

  /** None where the job broke, or where no test of it is to blame. */
  private static List<TestRef> failedTests(JobReport report) {
    List<Attempt> attempts = report.attempts();
    if (report.job().state() != JobState.FAILED || attempts.isEmpty()) {
      return List.of();
    }
    return attempts.get(attempts.size() - 1).report().tests().stream()
        .filter(TestResult::wentWrong)
        .map(TestResult::ref)
        .toList();
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
