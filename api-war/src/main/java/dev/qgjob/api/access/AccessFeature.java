package dev.qgjob.api.access;

import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import java.lang.reflect.Method;
import java.util.Set;

/**
 * Puts the guard before every resource method when the application starts. A method that says
 * neither {@link Allowed} nor {@link Open}, or both, keeps it from starting.
 */
public final class AccessFeature implements DynamicFeature {
  private final KnownCallers callers;

  public AccessFeature(KnownCallers callers) {
    this.callers = callers;
  }

  @Override
  public void configure(ResourceInfo info, FeatureContext context) {
    Method method = info.getResourceMethod();
    if (method.getDeclaringClass().getName().startsWith("org.glassfish.jersey.")) {
      // the answer to OPTIONS, which tells the methods of a path and no more
      return;
    }
    Allowed allowed = method.getAnnotation(Allowed.class);
    if ((allowed == null) == (method.getAnnotation(Open.class) == null)) {
      throw new IllegalStateException(method + " must say @Allowed or @Open, and not both");
    }
    if (allowed != null) {
      context.register(
          new BearerFilter(callers, Set.of(allowed.value())), Priorities.AUTHENTICATION);
    }
  }
}
