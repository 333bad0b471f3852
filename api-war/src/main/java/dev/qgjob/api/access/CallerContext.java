package dev.qgjob.api.access;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.protocol.Wire;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;

/** Carries the caller from the guard to the resource. */
record CallerContext(Caller caller, boolean secure) implements SecurityContext {
  @Override
  public Principal getUserPrincipal() {
    return new CallerPrincipal(caller);
  }

  @Override
  public boolean isUserInRole(String role) {
    return Wire.name(caller.role()).equals(role);
  }

  @Override
  public boolean isSecure() {
    return secure;
  }

  @Override
  public String getAuthenticationScheme() {
    return "Bearer";
  }

  /** A caller as JAX-RS knows one. */
  record CallerPrincipal(Caller caller) implements Principal {
    @Override
    public String getName() {
      return caller.tokenId();
    }
  }
}
