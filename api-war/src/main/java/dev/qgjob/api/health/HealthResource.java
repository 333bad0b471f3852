package dev.qgjob.api.health;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Answers {@code GET /api/v1/health}. */
@Path("health")
@Produces(MediaType.APPLICATION_JSON)
public final class HealthResource {

  /** What the server says of itself. */
  public record Health(String status) {}

  @GET
  public Health health() {
    return new Health("ready");
  }
}
