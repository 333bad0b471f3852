package dev.qgjob.lab.faults.link;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A request or an answer of HTTP/1.1, whole.
 *
 * @param startLine its first line
 * @param bytes all of it, as it came
 * @param body its content, without chunks
 */
record HttpMessage(String startLine, byte[] bytes, String body) {
  /**
   * Reads one.
   *
   * @param answersHead whether it answers a HEAD, so has no body whatever it says; asked when it
   *     has begun
   * @return empty when the stream ends before it begins
   */
  static Optional<HttpMessage> read(InputStream in, BooleanSupplier answersHead)
      throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    String start = line(in, all);
    if (start.isEmpty()) {
      return Optional.empty();
    }
    long length = 0;
    boolean chunked = false;
    for (String header = line(in, all); !header.isEmpty(); header = line(in, all)) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Long.parseLong(lower.substring(lower.indexOf(':') + 1).strip());
      } else if (lower.startsWith("transfer-encoding:")) {
        chunked = lower.contains("chunked");
      }
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (chunked) {
      chunks(in, all, body);
    } else if (!answersHead.getAsBoolean()) {
      copy(in, all, body, length);
    }
    return Optional.of(
        new HttpMessage(start, all.toByteArray(), body.toString(StandardCharsets.UTF_8)));
  }

  private static void chunks(InputStream in, ByteArrayOutputStream all, ByteArrayOutputStream body)
      throws IOException {
    while (true) {
      String size = line(in, all);
      int end = size.indexOf(';');
      long length = Long.parseLong((end < 0 ? size : size.substring(0, end)).strip(), 16);
      copy(in, all, body, length);
      String rest = line(in, all);
      if (length == 0) {
        while (!rest.isEmpty()) {
          rest = line(in, all);
        }
        return;
      }
    }
  }

  private static void copy(
      InputStream in, ByteArrayOutputStream all, ByteArrayOutputStream body, long length)
      throws IOException {
    byte[] read = in.readNBytes(Math.toIntExact(length));
    if (read.length < length) {
      throw new EOFException();
    }
    all.writeBytes(read);
    body.writeBytes(read);
  }

  /** A line without its end; empty at an empty line, and where the stream is over. */
  private static String line(InputStream in, ByteArrayOutputStream all) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0; c = in.read()) {
      all.write(c);
      if (c == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1);
      }
      if (c != '\r') {
        line.write(c);
      }
    }
    if (all.size() > 0) {
      throw new EOFException();
    }
    return "";
  }

  /** A request's method, or an answer's protocol. */
  String method() {
    return startLine.substring(0, Math.max(0, startLine.indexOf(' ')));
  }

  /** A request's path with its query. */
  String path() {
    String[] parts = startLine.split(" ", -1);
    return parts.length > 1 ? parts[1] : "";
  }

  /** An answer's status. */
  int status() {
    String[] parts = startLine.split(" ", -1);
    return parts.length > 1 && parts[1].matches("[0-9]{3}") ? Integer.parseInt(parts[1]) : 0;
  }
}
