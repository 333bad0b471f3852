package dev.qgjob.api.page;

import dev.qgjob.api.access.Allowed;
import dev.qgjob.api.access.Callers;
import dev.qgjob.api.access.Open;
import dev.qgjob.api.limit.Downloads;
import dev.qgjob.api.openapi.Answers;
import dev.qgjob.api.problem.Refusal;
import dev.qgjob.api.report.ReportMapper;
import dev.qgjob.domain.access.Access;
import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.PageLink;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.artefact.Artefacts;
import dev.qgjob.domain.artefact.Artefacts.Content;
import dev.qgjob.domain.report.Reports;
import dev.qgjob.domain.report.RunReport;
import dev.qgjob.protocol.Paths;
import dev.qgjob.protocol.report.RunLink;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Links to runs, and what they open. Thread-safe. */
@Path("/")
public final class PageResource {
  /** As long as a pipeline's log is read; GitHub keeps its own for about that long. */
  private static final Duration VALID_FOR = Duration.ofDays(30);

  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'; sandbox";
  private static final String BECAUSE = "the link's signature is the right to it";

  private final Access access;
  private final Reports reports;
  private final Artefacts artefacts;

  private final Downloads downloads;

  public PageResource(Access access, Reports reports, Artefacts artefacts, Downloads downloads) {
    this.downloads = downloads;
    this.access = access;
    this.reports = reports;
    this.artefacts = artefacts;
  }

  /** Makes a link to a run's page that needs no token. */
  @POST
  @Path("runs/{run}/links")
  @Produces(MediaType.APPLICATION_JSON)
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED, Role.VIEWER, Role.ADMIN})
  public RunLink link(@Context SecurityContext who, @PathParam("run") String runId) {
    Caller caller = Callers.of(who);
    if (reports.run(caller, runId).isEmpty()) {
      throw Refusal.unknown("run", runId);
    }
    PageLink link = access.link(caller, runId, VALID_FOR);
    return new RunLink(Paths.API + "/runs/" + runId + "/page?" + query(link), link.until());
  }

  private static String query(PageLink link) {
    return "by="
        + link.tokenId()
        + "&until="
        + link.until().getEpochSecond()
        + "&sig="
        + link.signature();
  }

  /** A run's page, for people. */
  @GET
  @Path("runs/{run}/page")
  @Produces(MediaType.TEXT_HTML + ";charset=utf-8")
  @Open(because = BECAUSE)
  @Answers(value = String.class, media = MediaType.TEXT_HTML)
  public Response page(
      @PathParam("run") String runId,
      @QueryParam("by") @Nullable String by,
      @QueryParam("until") @Nullable String until,
      @QueryParam("sig") @Nullable String signature) {
    PageLink link = read(runId, by, until, signature);
    RunReport run = seen(link);
    return Response.ok(new RunPage(ReportMapper.view(run), query(link)).html())
        .header("Content-Security-Policy", POLICY)
        .build();
  }

  /** A kept file, as a run's page shows it. */
  @GET
  @Path("runs/{run}/page/{job}/{attempt: [0-9]+}/{name}")
  @Open(because = BECAUSE)
  @Answers(value = byte[].class, media = MediaType.WILDCARD)
  public Response file(
      @PathParam("run") String runId,
      @PathParam("job") String jobId,
      @PathParam("attempt") int attempt,
      @PathParam("name") String name,
      @QueryParam("by") @Nullable String by,
      @QueryParam("until") @Nullable String until,
      @QueryParam("sig") @Nullable String signature) {
    PageLink link = read(runId, by, until, signature);
    boolean ofTheRun =
        seen(link).jobs().stream().anyMatch(report -> report.job().id().equals(jobId));
    if (!ofTheRun) {
      throw Refusal.unknown("artefact", name);
    }
    Caller caller = caller(link);
    Content content =
        downloads
            .of(caller, () -> artefacts.openAttached(caller, jobId, attempt, name))
            .orElseThrow(() -> Refusal.unknown("artefact", name));
    // pictures are shown, all else is text: nothing that a spec left is run
    boolean picture = RunPage.isPicture(content.contentType());
    return Response.ok(content.body())
        .header(
            HttpHeaders.CONTENT_TYPE,
            picture ? content.contentType() : MediaType.TEXT_PLAIN + ";charset=utf-8")
        .header(HttpHeaders.CONTENT_LENGTH, content.size())
        .build();
  }

  private RunReport seen(PageLink link) {
    return reports.run(caller(link), link.runId()).orElseThrow(PageResource::ended);
  }

  private Caller caller(PageLink link) {
    return access.open(link).orElseThrow(PageResource::ended);
  }

  private static PageLink read(
      String runId, @Nullable String by, @Nullable String until, @Nullable String signature) {
    if (by == null || signature == null || until == null || !until.matches("[0-9]{1,11}")) {
      throw ended();
    }
    return new PageLink(runId, by, Instant.ofEpochSecond(Long.parseLong(until)), signature);
  }

  /** One answer for all, so that nobody learns what there is. */
  private static Refusal ended() {
    return Refusal.of(
        403,
        "link-ended",
        "this link does not open anything (any more)",
        "make a new one: qgjob link --run-id=ID");
  }
}
