package dev.qgjob.api.health;

import dev.qgjob.api.problem.ProblemMapper;
import dev.qgjob.domain.health.Vitals;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;

/** Nothing but health is answered before the tables are there. Thread-safe. */
public final class StartedFilter implements ContainerRequestFilter {
  /** Before the token is looked up, which is in the database. */
  public static final int PRIORITY = 100;

  private final Vitals vitals;

  public StartedFilter(Vitals vitals) {
    this.vitals = vitals;
  }

  @Override
  public void filter(ContainerRequestContext request) {
    if (!vitals.started() && !request.getUriInfo().getPath().startsWith("health")) {
      throw ProblemMapper.outage();
    }
  }
}
