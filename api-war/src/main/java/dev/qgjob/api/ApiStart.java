package dev.qgjob.api;

import dev.qgjob.api.fleet.BrokerSettings;
import dev.qgjob.domain.access.Access;
import dev.qgjob.domain.artefact.Artefacts;
import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.health.Vitals;
import dev.qgjob.domain.lease.Leases;
import dev.qgjob.domain.report.Reports;
import dev.qgjob.domain.submit.Submissions;
import jakarta.ejb.EJB;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import org.glassfish.jersey.servlet.ServletContainer;

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

  @EJB private Access access;
  @EJB private Submissions submissions;
  @EJB private Reports reports;
  @EJB private Fleet fleet;
  @EJB private Leases leases;
  @EJB private Artefacts artefacts;
  @EJB private Vitals vitals;

  @Override
  public void contextInitialized(ServletContextEvent event) {
    var ports =
        new Ports(
            access,
            submissions,
            reports,
            fleet,
            leases,
            artefacts,
            vitals,
            BrokerSettings::ofServer);
    var servlet =
        event
            .getServletContext()
            .addServlet("api", new ServletContainer(new ApiApplication(ports)));
    servlet.addMapping(MAPPING);
    servlet.setAsyncSupported(true);
    servlet.setLoadOnStartup(1);
  }
}
