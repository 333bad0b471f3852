package dev.qgjob.cli.show;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** One segment of an API address. */
public final class Segment {
  private Segment() {}

  /** Encoded, so that an id with a slash or a question mark stays an id. */
  public static String of(String id) {
    // a dot alone would be taken for a folder
    return id.matches("\\.{1,2}")
        ? id.replace(".", "%2E")
        : URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
