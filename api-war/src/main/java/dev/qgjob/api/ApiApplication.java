package dev.qgjob.api;

import com.fasterxml.jackson.jakarta.rs.json.JacksonJsonProvider;
import dev.qgjob.api.health.HealthResource;
import dev.qgjob.api.json.ObjectMapperProvider;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;

/**
 * What Jersey serves under {@code /api/v1}. Every resource and provider is named here and is one
 * instance for all requests: nothing is scanned for, and nothing is built anew on the hot path.
 */
final class ApiApplication extends ResourceConfig {

  ApiApplication() {
    property(ServerProperties.WADL_FEATURE_DISABLE, true);
    property(ServerProperties.FEATURE_AUTO_DISCOVERY_DISABLE, true);
    property(ServerProperties.METAINF_SERVICES_LOOKUP_DISABLE, true);
    property(ServerProperties.RESPONSE_SET_STATUS_OVER_SEND_ERROR, true);
    register(new ObjectMapperProvider());
    register(new JacksonJsonProvider());
    register(new HealthResource());
  }
}
