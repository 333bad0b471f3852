package dev.qgjob.lab.throughput;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * One HTTP connection that stays open, for one thread: so little of a client that the load that it
 * makes is the server's and not its own.
 */
final class Wire implements AutoCloseable {
  /** The server gives up a connection on which nothing was asked for a minute. */
  private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final URI server;
  private final String head;
  private Socket socket;
  private InputStream in;
  private OutputStream out;
  private long used;

  Wire(URI server, String token) throws IOException {
    this.server = server;
    this.socket = connect();
    this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    this.out = socket.getOutputStream();
    this.used = System.nanoTime();
    head =
        "Host: "
            + server.getAuthority()
            + "\r\nAuthorization: Bearer "
            + token
            + "\r\nAccept: application/json\r\nContent-Type: application/json\r\nContent-Length: ";
  }

  private Socket connect() throws IOException {
    Socket fresh = new Socket(server.getHost(), server.getPort());
    fresh.setTcpNoDelay(true);
    fresh.setSoTimeout(60_000);
    return fresh;
  }

  private void refresh() throws IOException {
    long now = System.nanoTime();
    if (now - used > STALE_NANOS) {
      socket.close();
      socket = connect();
      in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      out = socket.getOutputStream();
    }
    used = now;
  }

  /** POST of a JSON body; the answer has to be a 201. Returns its body. */
  byte[] create(String path, String json) throws IOException {
    refresh();
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    String start = "POST /api/v1" + path + " HTTP/1.1\r\n" + head + body.length + "\r\n\r\n";
    byte[] first = start.getBytes(StandardCharsets.US_ASCII);
    byte[] whole = new byte[first.length + body.length];
    System.arraycopy(first, 0, whole, 0, first.length);
    System.arraycopy(body, 0, whole, first.length, body.length);
    out.write(whole);
    out.flush();
    String status = line();
    int length = -1;
    boolean chunked = false;
    for (String header = line(); !header.isEmpty(); header = line()) {
      String lower = header.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring("content-length:".length()).strip());
      } else if (lower.startsWith("transfer-encoding:")) {
        chunked = lower.contains("chunked");
      }
    }
    byte[] answer = chunked ? chunks() : in.readNBytes(Math.max(0, length));
    if (!status.contains(" 201 ")) {
      throw new IOException(status + ": " + new String(answer, StandardCharsets.UTF_8));
    }
    return answer;
  }

  private byte[] chunks() throws IOException {
    var all = new java.io.ByteArrayOutputStream();
    for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
      all.write(in.readNBytes(size));
      line();
    }
    line();
    return all.toByteArray();
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the server closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
