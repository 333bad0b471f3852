package dev.qgjob.simfarm.browserstack;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code multipart/form-data} piece by piece; a part may be larger than the memory. */
final class Multipart {
  private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";,]{1,70})\"?");
  private static final Pattern NAME = Pattern.compile("[; ]name=\"([^\"]*)\"");
  private static final Pattern FILE = Pattern.compile("[; ]filename=\"([^\"]*)\"");
  private static final int MAX_HEAD = 16 * 1024;
  private static final int MAX_PARTS = 100;

  private final InputStream in;
  private final byte[] delimiter;

  private Multipart(InputStream in, String boundary) {
    this.in = new BufferedInputStream(in, 64 * 1024);
    this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Gets the parts. */
  interface Parts {
    /**
     * Where the bytes of the next part go; closed when the part ends.
     *
     * @param file the name of the file that the part carries, if it carries one
     */
    OutputStream begin(String name, Optional<String> file) throws IOException;
  }

  /** The boundary that a content type announces, if it is one of forms in parts. */
  static Optional<String> boundary(String contentType) {
    Matcher matcher = BOUNDARY.matcher(contentType);
    return contentType.startsWith("multipart/form-data") && matcher.find()
        ? Optional.of(matcher.group(1))
        : Optional.empty();
  }

  /**
   * Reads all parts.
   *
   * @throws IOException if the body is broken off or is no such form
   */
  static void read(InputStream in, String boundary, Parts parts) throws IOException {
    new Multipart(in, boundary).read(parts);
  }

  private void read(Parts parts) throws IOException {
    byte[] first = in.readNBytes(delimiter.length - 2);
    if (!new String(first, StandardCharsets.ISO_8859_1)
        .equals(new String(delimiter, 2, delimiter.length - 2, StandardCharsets.ISO_8859_1))) {
      throw new IOException("the form does not begin with its boundary");
    }
    for (int count = 0; more(); count++) {
      if (count == MAX_PARTS) {
        throw new IOException("the form has too many parts");
      }
      String head = head();
      Matcher name = NAME.matcher(head);
      Matcher file = FILE.matcher(head);
      try (OutputStream out =
          parts.begin(
              name.find() ? name.group(1) : "",
              file.find() ? Optional.of(file.group(1)) : Optional.empty())) {
        copy(out);
      }
    }
  }

  /** After a boundary: two dashes end the form, a line break begins another part. */
  private boolean more() throws IOException {
    String next = new String(in.readNBytes(2), StandardCharsets.ISO_8859_1);
    if (next.equals("--")) {
      return false;
    }
    if (!next.equals("\r\n")) {
      throw new IOException("the form is broken off");
    }
    return true;
  }

  private String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0 && !head.toString().equals("\r\n")) {
      int c = in.read();
      if (c < 0 || head.length() > MAX_HEAD) {
        throw new IOException("a part of the form has no end of its headers");
      }
      head.append((char) c);
    }
    return head.toString();
  }

  /**
   * Copies up to the boundary. No prefix of the boundary but its first byte can begin again within
   * it: its only line break is at its start. So after a mismatch the search goes on with the byte
   * that did not match.
   */
  private void copy(OutputStream out) throws IOException {
    int matched = 0;
    while (matched < delimiter.length) {
      int c = in.read();
      if (c < 0) {
        throw new EOFException("the form is broken off");
      }
      if (c == (delimiter[matched] & 0xff)) {
        matched++;
      } else {
        out.write(delimiter, 0, matched);
        matched = c == '\r' ? 1 : 0;
        if (matched == 0) {
          out.write(c);
        }
      }
    }
  }
}
