package dev.qgjob.api;

import com.fasterxml.jackson.jakarta.rs.json.JacksonJsonProvider;
import dev.qgjob.api.access.AccessFeature;
import dev.qgjob.api.access.AccessResource;
import dev.qgjob.api.access.KnownCallers;
import dev.qgjob.api.artefact.ArtefactResource;
import dev.qgjob.api.artefact.LogResource;
import dev.qgjob.api.event.EventResource;
import dev.qgjob.api.fleet.FleetResource;
import dev.qgjob.api.health.HealthResource;
import dev.qgjob.api.health.StartedFilter;
import dev.qgjob.api.json.ApiJson;
import dev.qgjob.api.json.JsonReader;
import dev.qgjob.api.lease.LeaseResource;
import dev.qgjob.api.limit.Downloads;
import dev.qgjob.api.openapi.OpenApiResource;
import dev.qgjob.api.page.PageResource;
import dev.qgjob.api.problem.ProblemMapper;
import dev.qgjob.api.report.ReportResource;
import dev.qgjob.api.submit.SubmitResource;
import dev.qgjob.api.trace.RequestTrace;
import dev.qgjob.api.trace.SafeAnswers;
import jakarta.ws.rs.ext.MessageBodyWriter;
import java.util.List;
import org.glassfish.jersey.media.sse.SseFeature;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.ServerProperties;

/**
 * What Jersey serves under {@code /api/v1}. Every resource and provider is named here and is one
 * instance for all requests: nothing is scanned for, and nothing is built anew on the hot path.
 */
final class ApiApplication extends ResourceConfig {

  ApiApplication(Ports ports) {
    property(ServerProperties.WADL_FEATURE_DISABLE, true);
    property(ServerProperties.FEATURE_AUTO_DISCOVERY_DISABLE, true);
    property(ServerProperties.METAINF_SERVICES_LOOKUP_DISABLE, true);
    property(ServerProperties.RESPONSE_SET_STATUS_OVER_SEND_ERROR, true);
    register(new RequestTrace(), RequestTrace.PRIORITY);
    register(new StartedFilter(ports.vitals()), StartedFilter.PRIORITY);
    register(new SafeAnswers());
    register(new ProblemMapper());
    register(new JsonReader(ApiJson.mapper()));
    register(new JacksonJsonProvider(ApiJson.mapper()), MessageBodyWriter.class);
    register(new SseFeature());
    KnownCallers callers = new KnownCallers(ports.access());
    register(new AccessFeature(callers));
    resources(ports, callers).forEach(this::register);
  }

  /** One for each room, and for what grows in it. */
  static List<Object> resources(Ports ports, KnownCallers callers) {
    Downloads downloads = new Downloads();
    return List.of(
        new AccessResource(ports.access(), callers),
        new SubmitResource(ports.submissions(), ports.reports(), ports.vault()),
        new ReportResource(ports.reports(), ports.explanations()),
        new FleetResource(ports.fleet(), ports.access(), ports.broker()),
        new LeaseResource(ports.leases(), ports.vault()),
        new ArtefactResource(ports.artefacts(), downloads),
        new LogResource(ports.artefacts()),
        new PageResource(ports.access(), ports.reports(), ports.artefacts(), downloads),
        new EventResource(
            ports.access(), ports.reports(), ports.events(), ports.executor(), ports.watchers()),
        new HealthResource(ports.vitals(), ports.version()),
        new OpenApiResource());
  }
}
