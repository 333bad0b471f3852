package dev.qgjob.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import org.jspecify.annotations.Nullable;

/** No answer came from the server; the request may or may not have been carried out. */
public final class Unreachable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Unreachable(URI uri, @Nullable IOException cause) {
    super(
        "no answer from "
            + uri.getScheme()
            + "://"
            + uri.getAuthority()
            + (cause == null ? "" : " (" + reason(cause) + ")"),
        cause);
  }

  /** True where the time was up; false where the connection broke, or did not come about. */
  public boolean late() {
    return getCause() instanceof HttpTimeoutException;
  }

  private static String reason(IOException cause) {
    String name = cause.getClass().getSimpleName();
    return cause.getMessage() == null ? name : name + ": " + cause.getMessage();
  }
}
