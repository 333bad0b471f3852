package dev.qgjob.api.artefact;

import dev.qgjob.api.access.Allowed;
import dev.qgjob.api.access.Callers;
import dev.qgjob.api.form.Form;
import dev.qgjob.api.openapi.Answers;
import dev.qgjob.api.problem.Refusal;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.artefact.Artefacts;
import dev.qgjob.protocol.Paths;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** What attempts print, while they print it and afterwards. Thread-safe. */
@Path("/")
public final class LogResource {
  private static final String ADDRESS = "jobs/{job}/logs/{attempt: [0-9]+}";
  private static final MediaType TEXT = MediaType.TEXT_PLAIN_TYPE.withCharset("utf-8");

  private final Artefacts artefacts;

  public LogResource(Artefacts artefacts) {
    this.artefacts = artefacts;
  }

  /** Adds what a running attempt printed. */
  @POST
  @Path(ADDRESS)
  @Consumes(MediaType.APPLICATION_OCTET_STREAM)
  @Allowed(Role.WORKER)
  public void append(
      @Context SecurityContext who,
      @PathParam("job") String jobId,
      @PathParam("attempt") int attempt,
      @HeaderParam(Paths.LEASE_TOKEN) @Nullable String token,
      @HeaderParam(Paths.UPLOAD_OFFSET) @Nullable String offset,
      InputStream body) {
    ArtefactMapper.appended(
        artefacts.append(
            Callers.of(who),
            jobId,
            attempt,
            Form.secret(Paths.LEASE_TOKEN, token, 16, 64),
            ArtefactMapper.logOffset(offset),
            ArtefactMapper.piece(body)));
  }

  /** What an attempt printed, from a byte on; nothing where nothing more is there yet. */
  @GET
  @Path(ADDRESS)
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED, Role.VIEWER, Role.ADMIN})
  @Answers(value = String.class, media = MediaType.TEXT_PLAIN)
  public Response log(
      @Context SecurityContext who,
      @PathParam("job") String jobId,
      @PathParam("attempt") int attempt,
      @QueryParam("from") @DefaultValue("0") String from) {
    return artefacts
        .log(Callers.of(who), jobId, attempt, Form.number("from", from))
        .map(bytes -> Response.ok(bytes, TEXT).build())
        .orElseThrow(() -> Refusal.unknown("job", jobId));
  }
}
