package dev.qgjob.api.report;

import dev.qgjob.api.access.Allowed;
import dev.qgjob.api.access.Callers;
import dev.qgjob.api.form.Form;
import dev.qgjob.api.problem.Refusal;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.explain.Explanations;
import dev.qgjob.domain.report.Reports;
import dev.qgjob.protocol.report.ExplanationView;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunList;
import dev.qgjob.protocol.report.RunSavings;
import dev.qgjob.protocol.report.RunView;
import dev.qgjob.protocol.report.SavingsList;
import dev.qgjob.protocol.submit.AppList;
import dev.qgjob.protocol.submit.AppVersionView;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;

/** Runs, jobs and app versions, as far as the caller may see them. Thread-safe. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class ReportResource {
  private static final int RUNS = 20;
  private static final int MOST_RUNS = 500;
  private static final int DAYS = 7;
  private static final int MOST_DAYS = 366;

  private final Reports reports;
  private final Explanations explanations;

  public ReportResource(Reports reports, Explanations explanations) {
    this.reports = reports;
    this.explanations = explanations;
  }

  /** The newest runs. */
  @GET
  @Path("runs")
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED, Role.VIEWER, Role.ADMIN})
  public RunList runs(@Context SecurityContext who, @QueryParam("limit") @Nullable String limit) {
    return ReportMapper.list(
        reports.runs(Callers.of(who), Form.query("limit", limit, 1, MOST_RUNS, RUNS)));
  }

  /** A run with its jobs. */
  @GET
  @Path("runs/{run}")
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED, Role.VIEWER, Role.ADMIN})
  public RunView run(@Context SecurityContext who, @PathParam("run") String runId) {
    return reports
        .run(Callers.of(who), runId)
        .map(ReportMapper::view)
        .orElseThrow(() -> Refusal.unknown("run", runId));
  }

  /** A job with its attempts. */
  @GET
  @Path("jobs/{job}")
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED, Role.VIEWER, Role.ADMIN})
  public JobView job(@Context SecurityContext who, @PathParam("job") String jobId) {
    return reports
        .job(Callers.of(who), jobId)
        .map(ReportMapper::view)
        .orElseThrow(() -> Refusal.unknown("job", jobId));
  }

  /** What was spared in installs, by day. */
  @GET
  @Path("savings")
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED, Role.VIEWER, Role.ADMIN})
  public SavingsList savings(
      @Context SecurityContext who, @QueryParam("days") @Nullable String days) {
    return ReportMapper.savings(
        reports.savings(Callers.of(who), Form.query("days", days, 1, MOST_DAYS, DAYS)));
  }

  /** What a run spared in installs. */
  @GET
  @Path("runs/{run}/savings")
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED, Role.VIEWER, Role.ADMIN})
  public RunSavings savingsOf(@Context SecurityContext who, @PathParam("run") String runId) {
    return reports
        .savings(Callers.of(who), runId)
        .map(savings -> ReportMapper.savings(runId, savings))
        .orElseThrow(() -> Refusal.unknown("run", runId));
  }

  /** Why a job waits, and until about when. */
  @GET
  @Path("jobs/{job}/explanation")
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED, Role.VIEWER, Role.ADMIN})
  public ExplanationView explanation(@Context SecurityContext who, @PathParam("job") String jobId) {
    return explanations
        .explain(Callers.of(who), jobId)
        .map(ReportMapper::view)
        .orElseThrow(() -> Refusal.unknown("job", jobId));
  }

  /** The newest app versions. */
  @GET
  @Path("apps")
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED, Role.VIEWER})
  public AppList apps(@Context SecurityContext who, @QueryParam("limit") @Nullable String limit) {
    return new AppList(
        reports.apps(Callers.of(who), Form.query("limit", limit, 1, MOST_RUNS, RUNS)).stream()
            .map(ReportMapper::view)
            .toList());
  }

  // what people call a version may have slashes in it
  /** An app version with its builds. */
  @GET
  @Path("apps/{app_version: .+}")
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED, Role.VIEWER})
  public AppVersionView app(
      @Context SecurityContext who, @PathParam("app_version") String appVersionId) {
    return reports
        .app(Callers.of(who), appVersionId)
        .map(ReportMapper::view)
        .orElseThrow(() -> Refusal.unknown("app version", appVersionId));
  }
}
