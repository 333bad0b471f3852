package dev.qgjob.simfarm.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One HTTP/1.1 request read from a stream that is no socket.
 *
 * @param method in capitals
 * @param path with its query, as sent
 * @param headers by lower-case name
 * @param body empty if there is none
 */
public record WireRequest(String method, String path, Map<String, String> headers, String body) {
  private static final int MAX_HEAD = 64 * 1024;
  private static final int MAX_BODY = 64 * 1024 * 1024;

  /** Copies the headers. */
  public WireRequest {
    headers = Map.copyOf(headers);
  }

  /** What was sent is not a request, or one that this reader does not take. */
  public static final class BadRequestException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    BadRequestException(int status, String message) {
      super(message);
      this.status = status;
    }

    /** The HTTP status to answer. */
    public int status() {
      return status;
    }
  }

  /**
   * Reads one request, waiting for it as long as the stream does.
   *
   * @return the request, or empty if the stream ended before one began
   * @throws BadRequestException if it is malformed, too large, or in chunks
   */
  public static Optional<WireRequest> read(InputStream in) throws IOException {
    Optional<String> head = head(in);
    if (head.isEmpty()) {
      return Optional.empty();
    }
    String[] lines = head.get().split("\r\n", -1);
    String[] first = lines[0].split(" ", -1);
    if (first.length != 3 || !first[1].startsWith("/") || !first[2].startsWith("HTTP/1.")) {
      throw new BadRequestException(400, "not an HTTP request");
    }
    Map<String, String> headers = new HashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon < 1) {
        throw new BadRequestException(400, "not an HTTP header");
      }
      headers.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).strip());
    }
    return Optional.of(new WireRequest(first[0], first[1], headers, body(in, headers)));
  }

  private static Optional<String> head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int end = 0;
    while (end < 4) {
      int c = in.read();
      if (c < 0) {
        if (head.size() == 0) {
          return Optional.empty();
        }
        throw new EOFException("the request was broken off");
      }
      if (head.size() >= MAX_HEAD) {
        throw new BadRequestException(431, "the headers are too large");
      }
      head.write(c);
      boolean expected = c == (end % 2 == 0 ? '\r' : '\n');
      end = expected ? end + 1 : c == '\r' ? 1 : 0;
    }
    String text = head.toString(StandardCharsets.ISO_8859_1);
    return Optional.of(text.substring(0, text.length() - 4));
  }

  private static String body(InputStream in, Map<String, String> headers) throws IOException {
    if (headers.containsKey("transfer-encoding")) {
      throw new BadRequestException(411, "a body needs its length");
    }
    String length = headers.getOrDefault("content-length", "0");
    if (!length.matches("\\d{1,9}")) {
      throw new BadRequestException(400, "not a length: " + length);
    }
    int size = Integer.parseInt(length);
    if (size > MAX_BODY) {
      throw new BadRequestException(413, "the body is too large");
    }
    byte[] body = in.readNBytes(size);
    if (body.length < size) {
      throw new EOFException("the request was broken off");
    }
    return new String(body, StandardCharsets.UTF_8);
  }
}
