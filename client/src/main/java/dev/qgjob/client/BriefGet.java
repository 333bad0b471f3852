package dev.qgjob.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.URI;
import java.net.URLConnection;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One GET of a process that makes no more than that: Java's old client needs a fraction of the new
 * one's time to get ready, and has no thread of its own.
 */
final class BriefGet {
  private BriefGet() {}

  /**
   * @param dial how long connecting may take
   * @param timeout how long nothing may come
   */
  static Reply of(URI uri, String accept, @Nullable String token, Duration dial, Duration timeout) {
    try {
      URLConnection opened = uri.toURL().openConnection();
      if (!(opened instanceof HttpURLConnection http)) {
        throw new ProtocolException(uri.getScheme() + " is not HTTP");
      }
      http.setInstanceFollowRedirects(false); // a token goes nowhere else
      http.setUseCaches(false);
      http.setConnectTimeout((int) dial.toMillis());
      http.setReadTimeout((int) timeout.toMillis());
      http.setRequestProperty("Accept", accept);
      if (token != null) {
        http.setRequestProperty("Authorization", "Bearer " + token);
      }
      return read(uri, http);
    } catch (IOException e) {
      throw new Unreachable(uri, e);
    }
  }

  private static Reply read(URI uri, HttpURLConnection http) throws IOException {
    int status = http.getResponseCode();
    if (status < 0) {
      throw new ProtocolException("the answer is not HTTP");
    }
    String type = http.getContentType();
    try (InputStream body = status < 400 ? http.getInputStream() : http.getErrorStream()) {
      return new Reply(
          uri,
          status,
          type == null ? "" : type,
          http.getHeaderField("Retry-After"),
          body == null ? new byte[0] : body.readAllBytes());
    }
  }
}
