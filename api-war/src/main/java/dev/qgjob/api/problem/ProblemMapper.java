package dev.qgjob.api.problem;

import dev.qgjob.domain.artefact.BlobStore;
import dev.qgjob.domain.artefact.BodyCutOff;
import dev.qgjob.domain.placement.Bus;
import dev.qgjob.protocol.Paths;
import dev.qgjob.protocol.Problem;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import org.jspecify.annotations.Nullable;

/** Every exception becomes a problem here and nowhere else. Thread-safe. */
public final class ProblemMapper implements ExceptionMapper<Throwable> {
  @Override
  public Response toResponse(Throwable thrown) {
    if (thrown instanceof Refusal refusal) {
      return answer(refusal, null);
    }
    if (thrown instanceof WebApplicationException http) {
      return answer(ofJersey(http), http.getResponse().getStatus() >= 500 ? http : null);
    }
    if (thrown instanceof BodyCutOff) {
      return answer(
          Refusal.of(400, "upload-cut-off", "the body ended before its end", "send it once more"),
          null);
    }
    if (thrown instanceof Bus.Unavailable) {
      return answer(brokerAway(), thrown);
    }
    if (thrown instanceof BlobStore.Unavailable) {
      return answer(blobsAway(), thrown);
    }
    if (Outage.isBehind(thrown)) {
      return answer(outage(), thrown);
    }
    return answer(surprise(), thrown);
  }

  private static Response answer(Refusal refusal, @Nullable Throwable cause) {
    Problem problem = refusal.problem();
    Response.ResponseBuilder response =
        Response.status(problem.status())
            .type(Paths.PROBLEM_JSON)
            .entity(new Trouble(problem, cause));
    refusal.headers().forEach(response::header);
    return response.build();
  }

  private static Refusal ofJersey(WebApplicationException e) {
    int status = e.getResponse().getStatus();
    return switch (status) {
      case 400 ->
          Refusal.of(
              400, "bad-request", "the request cannot be read", "check its path and headers");
      case 404 ->
          Refusal.of(404, "unknown-path", "there is nothing at this path", "check the address");
      case 405 -> notAllowed(e);
      case 406 ->
          Refusal.of(
              406,
              "not-acceptable",
              "the answer cannot be had in the form asked for",
              "accept application/json");
      case 413 -> Refusal.tooLarge("the body is too large", null);
      case 415 ->
          Refusal.of(
              415,
              "unsupported-media-type",
              "the body is of a type that is not read here",
              "send Content-Type: application/json (application/octet-stream for blobs)");
      default -> status >= 500 ? surprise() : Refusal.of(status, "refused", "refused", null);
    };
  }

  private static Refusal notAllowed(WebApplicationException e) {
    String allowed =
        e instanceof NotAllowedException
            ? String.join(", ", e.getResponse().getAllowedMethods().stream().sorted().toList())
            : "";
    return Refusal.of(
            405, "method-not-allowed", "this path has no such method", "use one of " + allowed)
        .with(HttpHeaders.ALLOW, allowed);
  }

  private static Refusal brokerAway() {
    return Refusal.later(503, "broker-away", "the server cannot reach its broker");
  }

  private static Refusal blobsAway() {
    return Refusal.later(503, "blobs-away", "the server cannot reach its bucket of uploads");
  }

  /** The database is away: 503. */
  public static Refusal outage() {
    return Refusal.later(503, "database-away", "the server cannot reach its database");
  }

  private static Refusal surprise() {
    return Refusal.of(
        500,
        "internal-error",
        "the server made a mistake",
        "give the correlation id to the server's operator: it is in the log");
  }
}
