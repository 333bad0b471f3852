package dev.qgjob.api.submit;

import dev.qgjob.api.access.Allowed;
import dev.qgjob.api.access.Callers;
import dev.qgjob.api.form.Form;
import dev.qgjob.api.openapi.Answers;
import dev.qgjob.api.problem.Refusal;
import dev.qgjob.api.report.ReportMapper;
import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.report.Reports;
import dev.qgjob.domain.submit.Submissions;
import dev.qgjob.domain.submit.Vault;
import dev.qgjob.protocol.Paths;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import dev.qgjob.protocol.submit.RetryRun;
import dev.qgjob.protocol.submit.RunSubmission;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;

/** Submitting and cancelling. Thread-safe. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class SubmitResource {
  private final Submissions submissions;
  private final Reports reports;
  private final Vault vault;

  public SubmitResource(Submissions submissions, Reports reports, Vault vault) {
    this.submissions = submissions;
    this.reports = reports;
    this.vault = vault;
  }

  /** Submits a run: a job for each test. */
  @POST
  @Path("runs")
  @Consumes(MediaType.APPLICATION_JSON)
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED})
  @Answers(
      value = RunView.class,
      status = {201, 200})
  public Response submit(
      @Context SecurityContext who,
      @HeaderParam(Paths.IDEMPOTENCY_KEY) @Nullable String key,
      RunSubmission body) {
    return SubmitAnswers.run(
        submissions.submit(Callers.of(who), SubmitMapper.submission(body, key, vault)));
  }

  /** Submits one job in its plainest form: all else is as in the app version's newest run. */
  @POST
  @Path("jobs")
  @Consumes(MediaType.APPLICATION_JSON)
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED})
  @Answers(
      value = JobView.class,
      status = {201, 200})
  public Response submitJob(
      @Context SecurityContext who,
      @HeaderParam(Paths.IDEMPOTENCY_KEY) @Nullable String key,
      JobSubmission body) {
    Caller caller = Callers.of(who);
    String version = Form.visible("app_version_id", body.appVersionId(), 128);
    Form.path("test_path", body.testPath());
    refuseForeign(caller, body.orgId());
    var newest =
        submissions.newestRun(caller, version).orElseThrow(SubmitResource::nothingToTakeFrom);
    return SubmitAnswers.job(
        submissions.submit(caller, SubmitMapper.submission(body, newest, key)));
  }

  /** The specs of a run once more; the run of before keeps its results. */
  @POST
  @Path("runs/{run}/retry")
  @Consumes(MediaType.APPLICATION_JSON)
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED})
  @Answers(
      value = RunView.class,
      status = {201, 200})
  public Response retry(
      @Context SecurityContext who,
      @PathParam("run") String runId,
      @HeaderParam(Paths.IDEMPOTENCY_KEY) @Nullable String key,
      RetryRun body) {
    Caller caller = Callers.of(who);
    var before = reports.run(caller, runId).orElseThrow(() -> Refusal.unknown("run", runId));
    String app = Retries.build(reports, caller, before.run());
    Retries.Again again = Retries.of(before, Boolean.TRUE.equals(body.failed()));
    return SubmitAnswers.run(
        submissions.submit(caller, SubmitMapper.again(before.run(), app, again, body, key)));
  }

  /** Cancels what has not ended of a run. */
  @POST
  @Path("runs/{run}/cancel")
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED, Role.ADMIN})
  public RunView cancelRun(@Context SecurityContext who, @PathParam("run") String runId) {
    return submissions
        .cancelRun(Callers.of(who), runId)
        .map(ReportMapper::view)
        .orElseThrow(() -> Refusal.unknown("run", runId));
  }

  /** Somebody waits for the run still. */
  @POST
  @Path("runs/{run}/waiting")
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED, Role.VIEWER, Role.ADMIN})
  public void waiting(@Context SecurityContext who, @PathParam("run") String runId) {
    if (!submissions.waited(Callers.of(who), runId)) {
      throw Refusal.unknown("run", runId);
    }
  }

  /** Cancels a job. */
  @POST
  @Path("jobs/{job}/cancel")
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED, Role.ADMIN})
  public JobView cancelJob(@Context SecurityContext who, @PathParam("job") String jobId) {
    return submissions
        .cancelJob(Callers.of(who), jobId)
        .map(ReportMapper::view)
        .orElseThrow(() -> Refusal.unknown("job", jobId));
  }

  // said before the version is looked up: else a wrong org would be told of a missing bundle
  private static void refuseForeign(Caller caller, @Nullable String org) {
    if (org != null && !org.equals(caller.orgId())) {
      throw SubmitAnswers.wrongOrg(org);
    }
  }

  private static Refusal nothingToTakeFrom() {
    return Refusal.field(
        "app_version_id",
        "nothing was submitted for this app version yet, so there is no project to run",
        "submit it once with 'qgjob submit', which uploads the project and the app");
  }
}
