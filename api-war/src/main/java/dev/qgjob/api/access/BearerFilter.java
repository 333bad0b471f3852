package dev.qgjob.api.access;

import dev.qgjob.api.problem.Refusal;
import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Role;
import dev.qgjob.protocol.Wire;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The guard of one resource method: token to caller, caller's role among those allowed, and a
 * worker's own id where the path names one as {@code worker}.
 */
final class BearerFilter implements ContainerRequestFilter {
  private static final String SCHEME = "Bearer ";
  private static final int LONGEST_TOKEN = 512;

  private final KnownCallers callers;
  private final Set<Role> allowed;

  BearerFilter(KnownCallers callers, Set<Role> allowed) {
    this.callers = callers;
    this.allowed = allowed;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    String token = token(request.getHeaderString(HttpHeaders.AUTHORIZATION));
    Caller caller = callers.of(token).orElseThrow(BearerFilter::wrongToken);
    if (!allowed.contains(caller.role())) {
      throw forbidden(caller.role());
    }
    refuseForAnother(caller, request.getUriInfo().getPathParameters().getFirst("worker"));
    request.setSecurityContext(new CallerContext(caller, request.getSecurityContext().isSecure()));
  }

  // a worker acts for itself only: another's id is as good as unknown
  private static void refuseForAnother(Caller caller, @Nullable String workerId) {
    if (workerId != null && caller.role() == Role.WORKER && !workerId.equals(caller.workerId())) {
      throw Refusal.unknown("worker", workerId);
    }
  }

  private static String token(@Nullable String header) {
    if (header == null || header.isBlank()) {
      throw unauthenticated("this needs a token", "Bearer realm=\"qgjob\"");
    }
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        || header.length() > LONGEST_TOKEN) {
      throw wrongToken();
    }
    return header.substring(SCHEME.length()).strip();
  }

  private static Refusal wrongToken() {
    return unauthenticated(
        "the token is unknown, expired or revoked",
        "Bearer realm=\"qgjob\", error=\"invalid_token\"");
  }

  private static Refusal unauthenticated(String title, String challenge) {
    return Refusal.of(
            401, "unauthenticated", title, "send the header 'Authorization: Bearer <token>'")
        .with(HttpHeaders.WWW_AUTHENTICATE, challenge);
  }

  private Refusal forbidden(Role role) {
    return Refusal.of(
        403,
        "forbidden",
        "a token of the role " + Wire.name(role) + " may not do this",
        "use a token of the role "
            + allowed.stream().map(Wire::name).sorted().collect(Collectors.joining(" or ")));
  }
}
