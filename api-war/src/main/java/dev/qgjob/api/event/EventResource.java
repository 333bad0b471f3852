package dev.qgjob.api.event;

import dev.qgjob.api.access.Allowed;
import dev.qgjob.api.access.Callers;
import dev.qgjob.api.limit.Places;
import dev.qgjob.api.openapi.Answers;
import dev.qgjob.api.problem.Refusal;
import dev.qgjob.domain.access.Access;
import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.event.Events;
import dev.qgjob.domain.report.Reports;
import dev.qgjob.domain.report.RunReport;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Streams of events, one for each run that somebody watches. Thread-safe. */
@Path("/")
public final class EventResource {
  private static final String RETRY_AFTER_S = "30";

  private final Access access;
  private final Reports reports;
  private final Events events;
  private final Executor executor;
  private final Places places;

  /**
   * @param executor writes to clients, of which each may hold a thread for as long as a write may
   *     take
   */
  public EventResource(
      Access access, Reports reports, Events events, Executor executor, WatcherLimits limits) {
    this.access = access;
    this.reports = reports;
    this.events = events;
    this.executor = executor;
    this.places = new Places(limits.ofOneOrg(), limits.inAll());
  }

  /** What changes in a run, as server-sent events; the last one is the run's end. */
  @GET
  @Path("events")
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED, Role.VIEWER, Role.ADMIN})
  @Answers(value = String.class, media = MediaType.SERVER_SENT_EVENTS)
  public Response events(
      @Context SecurityContext who,
      @QueryParam("run_id") @Nullable String runId,
      @HeaderParam("Last-Event-ID") @Nullable String last) {
    if (runId == null || runId.isBlank()) {
      throw Refusal.missing("run_id");
    }
    Caller caller = Callers.of(who);
    RunReport run = reports.run(caller, runId).orElseThrow(() -> Refusal.unknown("run", runId));
    if (EventStream.END_ID.equals(last) && run.state().isVerdict()) {
      // tells a browser that there is nothing to reconnect for
      return Response.noContent().build();
    }
    String org = run.run().orgId();
    if (!places.take(org)) {
      throw Refusal.of(
              429,
              "too-many-streams",
              "too many runs are being watched",
              "close a stream, or ask GET /runs/{run} now and then")
          .with(HttpHeaders.RETRY_AFTER, RETRY_AFTER_S);
    }
    JerseyLine line = new JerseyLine();
    new EventStream(
            caller,
            runId,
            reports,
            () -> access.lives(caller),
            executor,
            line,
            () -> places.give(org),
            System::nanoTime)
        .follow(events);
    return Response.ok(line.output(), MediaType.SERVER_SENT_EVENTS_TYPE)
        // proxies that collect an answer before they pass it on
        .header("X-Accel-Buffering", "no")
        .build();
  }
}
