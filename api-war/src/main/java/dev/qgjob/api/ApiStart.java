package dev.qgjob.api;

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
public final class ApiStart implements ServletContextListener {

  /** Where the API lives; a change of meaning gets a new number. */
  static final String MAPPING = "/api/v1/*";

  @Override
  public void contextInitialized(ServletContextEvent event) {
    var servlet =
        event.getServletContext().addServlet("api", new ServletContainer(new ApiApplication()));
    servlet.addMapping(MAPPING);
    servlet.setAsyncSupported(true);
    servlet.setLoadOnStartup(1);
  }
}
