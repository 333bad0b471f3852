package dev.qgjob.api.health;

import dev.qgjob.api.access.Open;
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

  public HealthResource(Vitals vitals) {
    this.vitals = vitals;
  }

  @GET
  @Path("health")
  @Open(because = "whoever watches the server needs no part in it")
  public Response health() {
    return ready();
  }

  @GET
  @Path("health/ready")
  @Open(because = "a load balancer has no token")
  public Response ready() {
    Health health = HealthMapper.view(vitals.parts(), version());
    return Response.status(health.ready() ? 200 : 503).entity(health).build();
  }

  @GET
  @Path("health/live")
  @Open(because = "a supervisor has no token")
  public void live() {
    // whoever gets the 204 knows all there is to know
  }

  private static String version() {
    return System.getProperty("qgjob.version", "development");
  }
}
