package dev.qgjob.api.access;

import dev.qgjob.domain.access.Caller;
import jakarta.ws.rs.core.SecurityContext;

/** Who calls, for resources. */
public final class Callers {
  private Callers() {}

  /** The caller that the guard let in. */
  public static Caller of(SecurityContext context) {
    if (context.getUserPrincipal() instanceof CallerContext.CallerPrincipal principal) {
      return principal.caller();
    }
    throw new IllegalStateException("a resource method without a guard asks who calls");
  }
}
