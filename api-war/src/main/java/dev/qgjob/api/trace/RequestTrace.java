package dev.qgjob.api.trace;

import dev.qgjob.api.problem.Trouble;
import dev.qgjob.protocol.Paths;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.MediaType;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.glassfish.jersey.server.ExtendedUriInfo;
import org.glassfish.jersey.uri.UriTemplate;

/**
 * Gives each request an id, stamps it on the answer, and logs one line: method, path template,
 * status, milliseconds, id. Never a token, an id from the path or a body. Thread-safe.
 */
@PreMatching
public final class RequestTrace implements ContainerRequestFilter, ContainerResponseFilter {
  /** Header of every answer. */
  public static final String CORRELATION_ID = "Qgjob-Correlation-Id";

  /** Runs first on the way in and last on the way out. */
  public static final int PRIORITY = 0;

  private static final Logger LOG = System.getLogger("dev.qgjob.api.requests");
  private static final String ID = RequestTrace.class.getName() + ".id";
  private static final String START = RequestTrace.class.getName() + ".start";

  private final SecureRandom random = new SecureRandom();

  @Override
  public void filter(ContainerRequestContext request) {
    byte[] id = new byte[8];
    random.nextBytes(id);
    request.setProperty(ID, HexFormat.of().formatHex(id));
    request.setProperty(START, System.nanoTime());
  }

  @Override
  public void filter(ContainerRequestContext request, ContainerResponseContext response) {
    String id = String.valueOf(request.getProperty(ID));
    String line = line(request, response.getStatus()) + " id=" + id;
    response.getHeaders().putSingle(CORRELATION_ID, id);
    if (response.getEntity() instanceof Trouble trouble) {
      response.setEntity(
          trouble.stamped(id), new java.lang.annotation.Annotation[0], problemJson());
      if (trouble.cause() != null) {
        log(line, response.getStatus(), trouble.cause());
        return;
      }
    }
    LOG.log(level(request), line);
  }

  /** A part that is away is told in one line: every request says it, and its trace says no more. */
  private static void log(String line, int status, Throwable cause) {
    if (status == 503) {
      LOG.log(Level.WARNING, line + ": " + root(cause));
    } else {
      LOG.log(Level.ERROR, line, cause);
    }
  }

  private static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    for (int depth = 0; root.getCause() != null && depth < 20; depth++) {
      root = root.getCause();
    }
    return root;
  }

  private static MediaType problemJson() {
    return MediaType.valueOf(Paths.PROBLEM_JSON);
  }

  private static String line(ContainerRequestContext request, int status) {
    Object start = request.getProperty(START);
    long ms = start instanceof Long since ? (System.nanoTime() - since) / 1_000_000 : -1;
    return request.getMethod() + " " + template(request) + " " + status + " " + ms + " ms";
  }

  private static String template(ContainerRequestContext request) {
    if (!(request.getUriInfo() instanceof ExtendedUriInfo uri)) {
      return "-";
    }
    List<String> parts = new ArrayList<>();
    for (UriTemplate part : uri.getMatchedTemplates()) {
      if (!part.getTemplate().equals("/")) {
        parts.add(part.getTemplate());
      }
    }
    Collections.reverse(parts);
    // without the patterns of its variables
    return parts.isEmpty() ? "-" : String.join("", parts).replaceAll(": [^}]*}", "}");
  }

  private static Level level(ContainerRequestContext request) {
    return request.getUriInfo().getPath().startsWith("health") ? Level.DEBUG : Level.INFO;
  }
}
