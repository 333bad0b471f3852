package dev.qgjob.worker.browserstack;

import java.net.URI;
import java.util.Map;

/**
 * Where BrowserStack is.
 *
 * @param api without a path
 * @param hub without a path
 */
public record Endpoints(URI api, URI hub) {
  /** BrowserStack itself. */
  public static final Endpoints REAL =
      new Endpoints(
          URI.create("https://api-cloud.browserstack.com"),
          URI.create("https://hub.browserstack.com"));

  /**
   * BrowserStack itself, or what {@code QGJOB_BROWSERSTACK_API} and {@code QGJOB_BROWSERSTACK_HUB}
   * put in its place, such as a stand-in for trying things out.
   */
  public static Endpoints in(Map<String, String> environment) {
    return new Endpoints(
        URI.create(environment.getOrDefault("QGJOB_BROWSERSTACK_API", REAL.api().toString())),
        URI.create(environment.getOrDefault("QGJOB_BROWSERSTACK_HUB", REAL.hub().toString())));
  }

  /** Whether these are not BrowserStack's own. */
  public boolean standIn() {
    return !equals(REAL);
  }
}
