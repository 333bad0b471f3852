package dev.qgjob.client;

import java.net.http.HttpClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The connections that are kept open to one server. Thread-safe. */
final class Lines {
  private static final String KEEP_ALIVE = "jdk.httpclient.keepalive.timeout";

  /** Less than what servers and the devices in front of them grant: a minute mostly. */
  private static final String KEEP_ALIVE_SECONDS = "30";

  static {
    // JDK 17 keeps an idle connection for 20 minutes, by when something on the way has forgotten it
    // and does not say so. It reads the property once, before its first request.
    if (System.getProperty(KEEP_ALIVE) == null) {
      System.setProperty(KEEP_ALIVE, KEEP_ALIVE_SECONDS);
    }
  }

  private final boolean tls;
  private final Duration dial;
  private @Nullable HttpClient current;

  Lines(boolean tls, Duration dial) {
    this.tls = tls;
    this.dial = dial;
  }

  private static HttpClient fresh(boolean tls, Duration dial) {
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(dial);
    if (!tls) {
      builder.sslContext(NoTls.context());
    }
    return builder.build();
  }

  /** How long connecting may take. */
  Duration dial() {
    return dial;
  }

  synchronized HttpClient now() {
    HttpClient open = current;
    if (open == null) {
      open = fresh(tls, dial);
      current = open;
    }
    return open;
  }

  /**
   * Forgets the lines that were kept open along with one that stood still: a network that lost one
   * mostly lost all, and finding out would cost a time limit each.
   */
  synchronized void dialAnew(HttpClient stoodStill) {
    if (current == stoodStill) {
      current = fresh(tls, dial);
    }
  }
}
