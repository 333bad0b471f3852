package dev.qgjob.api.artefact;

import dev.qgjob.api.access.Allowed;
import dev.qgjob.api.access.Callers;
import dev.qgjob.api.form.Form;
import dev.qgjob.api.limit.Downloads;
import dev.qgjob.api.limit.Places;
import dev.qgjob.api.openapi.Answers;
import dev.qgjob.api.problem.Refusal;
import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.artefact.Artefacts;
import dev.qgjob.protocol.Paths;
import dev.qgjob.protocol.submit.BlobAnswer;
import dev.qgjob.protocol.submit.BlobQuestion;
import dev.qgjob.protocol.submit.UploadView;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Blobs of submissions and files of attempts. Thread-safe. */
@Path("/")
public final class ArtefactResource {
  /** An upload holds one of the server's 96 threads for as long as its sender likes. */
  private static final int OF_ONE_ORG = 8;

  private static final int IN_ALL = 32;
  private final Artefacts artefacts;
  private final Places uploads = new Places(OF_ONE_ORG, IN_ALL);

  private final Downloads downloads;

  public ArtefactResource(Artefacts artefacts, Downloads downloads) {
    this.artefacts = artefacts;
    this.downloads = downloads;
  }

  /** Which of these blobs have to be uploaded. */
  @POST
  @Path("blobs/missing")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED})
  public BlobAnswer missing(@Context SecurityContext who, BlobQuestion body) {
    return new BlobAnswer(artefacts.missing(Callers.of(who), ArtefactMapper.hashes(body)));
  }

  /** Uploads a blob, or the rest of one from an offset on. */
  @PUT
  @Path("blobs/{sha256}")
  @Consumes(MediaType.APPLICATION_OCTET_STREAM)
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED})
  @Answers(status = 201)
  public Response store(
      @Context SecurityContext who,
      @PathParam("sha256") String sha256,
      @HeaderParam(Paths.UPLOAD_OFFSET) @Nullable String offset,
      InputStream body) {
    Caller caller = Callers.of(who);
    String hash = Form.sha256("sha256", sha256);
    long from = ArtefactMapper.offset(offset);
    String org = String.valueOf(caller.orgId());
    if (!uploads.take(org)) {
      throw Refusal.later(429, "too-many-uploads", "too many uploads of your org are under way");
    }
    try {
      return ArtefactMapper.stored(artefacts.store(caller, hash, from, body));
    } finally {
      uploads.give(org);
    }
  }

  /** How much of an upload that was cut off is there. */
  @GET
  @Path("blobs/{sha256}/upload")
  @Produces(MediaType.APPLICATION_JSON)
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED})
  public UploadView begun(@Context SecurityContext who, @PathParam("sha256") String sha256) {
    long received = artefacts.begun(Callers.of(who), Form.sha256("sha256", sha256));
    if (received == 0) {
      throw Refusal.unknown("upload", sha256);
    }
    return new UploadView(received);
  }

  /** A blob's bytes. */
  @GET
  @Path("blobs/{sha256}")
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED, Role.WORKER})
  @Answers(value = byte[].class, media = MediaType.APPLICATION_OCTET_STREAM)
  public Response blob(@Context SecurityContext who, @PathParam("sha256") String sha256) {
    Caller caller = Callers.of(who);
    String hash = Form.sha256("sha256", sha256);
    return downloads
        .of(caller, () -> artefacts.open(caller, hash))
        .map(content -> ArtefactMapper.download(content, sha256))
        .orElseThrow(() -> Refusal.unknown("blob", sha256));
  }

  /** Keeps a file of a running attempt. */
  @PUT
  @Path("jobs/{job}/artefacts/{attempt: [0-9]+}/{name}")
  @Allowed(Role.WORKER)
  @Answers(status = 201)
  public Response attach(
      @Context SecurityContext who,
      @Context HttpHeaders headers,
      @PathParam("job") String jobId,
      @PathParam("attempt") int attempt,
      @PathParam("name") String name,
      @HeaderParam(Paths.LEASE_TOKEN) @Nullable String token,
      InputStream body) {
    return ArtefactMapper.stored(
        artefacts.attach(
            Callers.of(who),
            jobId,
            attempt,
            Form.secret(Paths.LEASE_TOKEN, token, 16, 64),
            name,
            ArtefactMapper.type(headers.getMediaType()),
            body));
  }

  /** A file that was kept of an attempt. */
  @GET
  @Path("jobs/{job}/artefacts/{attempt: [0-9]+}/{name}")
  @Allowed({Role.SUBMITTER, Role.UNTRUSTED, Role.VIEWER, Role.ADMIN})
  @Answers(value = byte[].class, media = MediaType.APPLICATION_OCTET_STREAM)
  public Response attached(
      @Context SecurityContext who,
      @PathParam("job") String jobId,
      @PathParam("attempt") int attempt,
      @PathParam("name") String name) {
    Caller caller = Callers.of(who);
    return downloads
        .of(caller, () -> artefacts.openAttached(caller, jobId, attempt, name))
        .map(content -> ArtefactMapper.download(content, name))
        .orElseThrow(() -> Refusal.unknown("artefact", name));
  }
}
