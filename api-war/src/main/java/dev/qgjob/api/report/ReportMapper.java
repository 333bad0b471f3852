package dev.qgjob.api.report;

import dev.qgjob.api.words.Words;
import dev.qgjob.domain.explain.Explanation;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.report.Artefact;
import dev.qgjob.domain.report.Attempt;
import dev.qgjob.domain.report.AttemptReport;
import dev.qgjob.domain.report.JobReport;
import dev.qgjob.domain.report.Reports;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.report.RunReport;
import dev.qgjob.domain.report.Savings;
import dev.qgjob.domain.submit.AppVersion;
import dev.qgjob.domain.submit.Build;
import dev.qgjob.protocol.Paths;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.report.ArtefactView;
import dev.qgjob.protocol.report.AttemptView;
import dev.qgjob.protocol.report.DaySavings;
import dev.qgjob.protocol.report.ExplanationView;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunList;
import dev.qgjob.protocol.report.RunSavings;
import dev.qgjob.protocol.report.RunView;
import dev.qgjob.protocol.report.SavingsList;
import dev.qgjob.protocol.submit.AppFile;
import dev.qgjob.protocol.submit.AppVersionView;
import dev.qgjob.protocol.submit.BuildView;
import jakarta.ws.rs.core.UriBuilder;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reports as people and pipelines see them. */
public final class ReportMapper {
  private ReportMapper() {}

  /** A run with its jobs. */
  public static RunView view(RunReport report) {
    return view(report, report.jobs().stream().map(ReportMapper::view).toList());
  }

  static RunList list(List<RunReport> reports) {
    return new RunList(reports.stream().map(report -> view(report, List.of())).toList());
  }

  private static RunView view(RunReport report, List<JobView> jobs) {
    Run run = report.run();
    return new RunView(
        run.id(),
        run.orgId(),
        run.appVersionId(),
        run.build(),
        run.name(),
        Words.state(report.state()),
        report.flaky(),
        report.savings().installs(),
        report.savings().stockInstalls(),
        seconds(report.savings()),
        run.createdAt(),
        report.finishedAt().orElse(null),
        jobs,
        run.labels());
  }

  private static @Nullable Long seconds(Savings savings) {
    return savings.saved() == null ? null : (Long) savings.saved().toSeconds();
  }

  static RunSavings savings(String runId, Savings savings) {
    return new RunSavings(runId, savings.installs(), savings.stockInstalls(), seconds(savings));
  }

  static SavingsList savings(List<Reports.Day> days) {
    return new SavingsList(
        days.stream()
            .map(
                day ->
                    new DaySavings(
                        day.day().toString(),
                        day.savings().installs(),
                        day.savings().stockInstalls(),
                        seconds(day.savings())))
            .toList());
  }

  /** A job with its attempts. */
  public static JobView view(JobReport report) {
    Job job = report.job();
    return new JobView(
        job.id(),
        job.runId(),
        job.group().orgId(),
        job.group().appVersionId(),
        job.group().build(),
        job.testPath(),
        Words.part(job.part()),
        report.project(),
        job.priority(),
        Words.target(job.group().target()),
        Words.state(job.state()),
        job.flaky(),
        Words.kind(job.failureKind()),
        job.message(),
        job.attempt(),
        slot(job.lease(), report.attempts()),
        report.waitingFor(),
        job.createdAt(),
        job.startedAt(),
        job.finishedAt(),
        report.attempts().stream().map(ReportMapper::view).toList(),
        report.leaksState() ? (Boolean) true : null,
        report.doubtedSlots().isEmpty() ? null : report.doubtedSlots());
  }

  static ExplanationView view(Explanation why) {
    Explanation.Outlook outlook = why.outlook();
    return new ExplanationView(
        why.job().id(),
        Words.state(why.job().state()),
        why.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        why.line(),
        why.remedy(),
        why.position(),
        why.waiting(),
        outlook == null ? null : outlook.startP50(),
        outlook == null ? null : outlook.startP90(),
        outlook == null ? null : outlook.finishP50(),
        outlook == null ? null : outlook.finishP90());
  }

  // where it runs, else where it ran last
  private static @Nullable String slot(@Nullable Lease lease, List<Attempt> attempts) {
    if (lease != null) {
      return lease.slotId();
    }
    return attempts.isEmpty() ? null : attempts.get(attempts.size() - 1).slotId();
  }

  private static AttemptView view(Attempt attempt) {
    AttemptReport report = attempt.report();
    return new AttemptView(
        attempt.number(),
        attempt.slotId(),
        Words.state(attempt.outcome()),
        Words.kind(attempt.failureKind()),
        attempt.message(),
        attempt.startedAt(),
        attempt.finishedAt(),
        report.installs(),
        report.stockInstalls(),
        report.tests().stream().map(ReportMapper::view).toList(),
        attempt.artefacts().stream().map(ReportMapper::view).toList());
  }

  private static TestResult view(dev.qgjob.domain.report.TestResult test) {
    return new TestResult(
        test.titlePath(),
        test.file(),
        test.line(),
        test.column(),
        Words.status(test.status()),
        test.durationMs(),
        test.message(),
        test.codeFrame());
  }

  private static ArtefactView view(Artefact file) {
    return new ArtefactView(
        file.name(), file.contentType(), file.size(), file.sha256(), href(file));
  }

  private static String href(Artefact file) {
    return UriBuilder.fromPath(Paths.API + "/jobs/{job}/artefacts/{attempt}/{name}")
        .build(file.jobId(), file.attempt(), file.name())
        .toString();
  }

  static AppVersionView view(AppVersion app) {
    return new AppVersionView(
        app.orgId(), app.id(), app.builds().stream().map(ReportMapper::view).toList());
  }

  private static BuildView view(Build build) {
    return new BuildView(
        build.number(),
        build.sha256(),
        build.fileName(),
        build.size(),
        build.packageName(),
        build.versionName(),
        build.createdAt(),
        build.binaries().isEmpty()
            ? null
            : build.binaries().stream()
                .map(file -> new AppFile(file.sha256(), file.fileName()))
                .toList());
  }
}
