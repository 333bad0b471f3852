package dev.qgjob.api.health;

import dev.qgjob.api.access.Open;
import dev.qgjob.api.openapi.Answers;
import dev.qgjob.domain.health.Vitals;
import dev.qgjob.protocol.Health;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Whether the server lives and can take submissions; 503 where it cannot. Thread-safe. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class HealthResource {
  private final Vitals vitals;
  private final String version;

  public HealthResource(Vitals vitals, String version) {
    this.vitals = vitals;
    this.version = version;
  }

  /** Whether the server lives and can take submissions. */
  @GET
  @Path("health")
  @Open(because = "whoever watches the server needs no part in it")
  @Answers(
      value = Health.class,
      status = {200, 503})
  public Response health() {
    return ready();
  }

  /** Whether the server can take submissions. */
  @GET
  @Path("health/ready")
  @Open(because = "a load balancer has no token")
  @Answers(
      value = Health.class,
      status = {200, 503})
  public Response ready() {
    Health health = HealthMapper.view(vitals.parts(), version);
    return Response.status(health.ready() ? 200 : 503).entity(health).build();
  }

  /** Whether the server lives. */
  @GET
  @Path("health/live")
  @Open(because = "a supervisor has no token")
  public void live() {
    // whoever gets the 204 knows all there is to know
  }
}
