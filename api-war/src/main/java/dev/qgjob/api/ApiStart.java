package dev.qgjob.api;

import dev.qgjob.api.event.WatcherLimits;
import dev.qgjob.api.fleet.BrokerSettings;
import dev.qgjob.domain.access.Access;
import dev.qgjob.domain.artefact.Artefacts;
import dev.qgjob.domain.event.Events;
import dev.qgjob.domain.explain.Explanations;
import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.health.Vitals;
import dev.qgjob.domain.lease.Leases;
import dev.qgjob.domain.report.Reports;
import dev.qgjob.domain.submit.Submissions;
import dev.qgjob.domain.submit.Vault;
import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import org.glassfish.jersey.internal.inject.AbstractBinder;
import org.glassfish.jersey.servlet.ServletContainer;
import org.glassfish.jersey.servlet.async.AsyncContextDelegateProviderImpl;
import org.glassfish.jersey.servlet.spi.AsyncContextDelegateProvider;

/**
 * Puts Jersey under {@code /api/v1} when the web module starts. It is the place where the inbound
 * ports come in, as {@code @EJB} fields that are handed to {@link ApiApplication}: resources get
 * them as constructor arguments and look nothing up.
 */
@WebListener
@SuppressWarnings("NullAway.Init") // the container fills the fields before the context starts
public final class ApiStart implements ServletContextListener {

  /** Where the API lives; a change of meaning gets a new number. */
  static final String MAPPING = "/api/v1/*";

  private static final Attributes.Name VERSION = Attributes.Name.IMPLEMENTATION_VERSION;

  @EJB private Access access;
  @EJB private Submissions submissions;
  @EJB private Reports reports;
  @EJB private Explanations explanations;
  @EJB private Fleet fleet;
  @EJB private Leases leases;
  @EJB private Artefacts artefacts;
  @EJB private Vitals vitals;
  @EJB private Events events;
  @EJB private Vault vault;

  /** Of its own: a watcher who does not read must not hold a thread that others wait for. */
  @Resource(lookup = "java:jboss/ee/concurrency/executor/events")
  private ManagedExecutorService executor;

  @Override
  public void contextInitialized(ServletContextEvent event) {
    var ports =
        new Ports(
            access,
            submissions,
            reports,
            explanations,
            fleet,
            leases,
            artefacts,
            vitals,
            events,
            vault,
            executor,
            WatcherLimits.ofServer(),
            BrokerSettings::ofServer,
            version(event.getServletContext()));
    var servlet =
        event
            .getServletContext()
            .addServlet(
                "api",
                new ServletContainer(new ApiApplication(ports).register(new Asynchronous())));
    servlet.addMapping(MAPPING);
    servlet.setAsyncSupported(true);
    servlet.setLoadOnStartup(1);
  }

  // the classes of a WAR have no package of their own that the manifest would speak of
  private static String version(ServletContext context) {
    try (InputStream in = context.getResourceAsStream("/META-INF/MANIFEST.MF")) {
      String version = in == null ? null : new Manifest(in).getMainAttributes().getValue(VERSION);
      return version == null ? "development" : version;
    } catch (IOException e) {
      throw new UncheckedIOException("the manifest cannot be read", e);
    }
  }

  /**
   * Answers that go on after their method returned; Jersey would look it up, which is turned off.
   */
  private static final class Asynchronous extends AbstractBinder {
    @Override
    protected void configure() {
      bind(new AsyncContextDelegateProviderImpl()).to(AsyncContextDelegateProvider.class);
    }
  }
}
