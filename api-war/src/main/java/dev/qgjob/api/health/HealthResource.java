package dev.qgjob.api.health;

import dev.qgjob.protocol.Health;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import java.util.Objects;

/** Answers {@code GET /api/v1/health}. */
@Path("health")
@Produces(MediaType.APPLICATION_JSON)
public final class HealthResource {

  @GET
  public Health health() {
    return new Health(true, true, version(), Map.of());
  }

  private static String version() {
    return Objects.requireNonNullElse(
        HealthResource.class.getPackage().getImplementationVersion(), "development");
  }
}
