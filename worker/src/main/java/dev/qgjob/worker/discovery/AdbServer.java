package dev.qgjob.worker.discovery;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The adb server as its socket speaks: a request is four hex digits of length and a text, the
 * answer OKAY or FAIL. Thread-safe; every call has a connection of its own.
 */
public final class AdbServer {
  private static final int MOST_OUTPUT = 1 << 20;
  private static final int AGAIN_MS = 3_000;

  /** What {@code adb connect} takes; an emulator's or a cable's serial has no colon. */
  private static final Pattern NETWORKED = Pattern.compile("[A-Za-z0-9._-]+:[0-9]{1,5}");

  private static final int MOST_CONNECTS = 20;
  private static final Duration CONNECT_PAUSE = Duration.ofMillis(250);

  private final int port;
  private final Duration patience;

  /**
   * @param port where the server listens on loopback
   * @param patience how long one answer may take
   */
  public AdbServer(int port, Duration patience) {
    this.port = port;
    this.patience = patience;
  }

  /** The port that adb's own tools would use: {@code ANDROID_ADB_SERVER_PORT}, else 5037. */
  public static int defaultPort(Map<String, String> environment) {
    String port = environment.getOrDefault("ANDROID_ADB_SERVER_PORT", "").strip();
    if (port.isEmpty()) {
      return 5037;
    }
    try {
      int number = Integer.parseInt(port);
      if (number > 0 && number < 65_536) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new IllegalArgumentException(
        "ANDROID_ADB_SERVER_PORT is '" + port + "', not a port; unset it for adb's own 5037");
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /**
   * Tells the serials and states of all devices, now and at every change, until {@code connection}
   * is closed or the server ends.
   *
   * @param connection is handed the open socket before the first list is read
   * @param devices returns whether it wants to be told the same again after a while
   */
  public void track(Consumer<Socket> connection, Predicate<Map<String, String>> devices)
      throws IOException {
    try (Socket socket = connect()) {
      connection.accept(socket);
      DataInputStream in = ask(socket, "host:track-devices");
      Map<String, String> states = Map.of();
      boolean again = false;
      while (true) {
        socket.setSoTimeout(again ? AGAIN_MS : 0);
        int first;
        try {
          first = in.read();
        } catch (SocketTimeoutException e) {
          again = devices.test(states);
          continue;
        }
        socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
        states = states(readBlock(in, first));
        again = devices.test(states);
      }
    }
  }

  /** The serials and states of all devices now. */
  public Map<String, String> devices() throws IOException {
    try (Socket socket = connect()) {
      return states(readBlock(ask(socket, "host:devices")));
    }
  }

  private static Map<String, String> states(String list) {
    Map<String, String> states = new LinkedHashMap<>();
    for (String line : list.split("\n")) {
      String[] parts = line.strip().split("\\s+", 2);
      if (parts.length == 2) {
        states.put(parts[0], parts[1]);
      }
    }
    return states;
  }

  /**
   * What a command of the phone's shell prints; {@code command} must be a constant of ours, or made
   * of parts that were checked.
   */
  public String shell(String serial, String command) throws IOException {
    try (Socket socket = connect()) {
      ask(socket, "host:transport:" + serial);
      DataInputStream in = ask(socket, "shell:" + command);
      return new String(in.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8).strip();
    }
  }

  /**
   * Breaks the way to a phone and has it built anew. A phone on the network is connected again
   * here, since adb forgets one whose way is broken on purpose.
   */
  public void reconnect(String serial) throws IOException {
    boolean networked = NETWORKED.matcher(serial).matches();
    try (Socket socket = connect()) {
      ask(socket, "host-serial:" + serial + ":reconnect");
    } catch (IOException e) {
      if (!networked) {
        throw e;
      }
      // adb has forgotten it; what is wrong beyond that is said when it is connected
    }
    if (networked) {
      connectAgain(serial);
    }
  }

  private void connectAgain(String serial) throws IOException {
    String said = "";
    for (int i = 0; i < MOST_CONNECTS; i++) {
      try (Socket socket = connect()) {
        said = readBlock(ask(socket, "host:connect:" + serial));
      }
      if (said.startsWith("connected to")) {
        return;
      }
      // "already connected": what was broken is not gone yet, of which adb tells nobody
      LockSupport.parkNanos(CONNECT_PAUSE.toNanos());
    }
    throw new IOException("adb connect " + serial + ": " + said.strip());
  }

  /** Builds the way to all phones anew that do not answer. */
  public void reconnectOffline() throws IOException {
    try (Socket socket = connect()) {
      ask(socket, "host:reconnect-offline");
    }
  }

  /** Has a phone restart. */
  public void reboot(String serial) throws IOException {
    try (Socket socket = connect()) {
      ask(socket, "host:transport:" + serial);
      ask(socket, "reboot:");
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    try {
      int patienceMs = Math.toIntExact(patience.toMillis());
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), patienceMs);
      socket.setSoTimeout(patienceMs);
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static DataInputStream ask(Socket socket, String request) throws IOException {
    byte[] text = request.getBytes(StandardCharsets.UTF_8);
    byte[] length = String.format("%04x", text.length).getBytes(StandardCharsets.US_ASCII);
    byte[] frame = new byte[length.length + text.length];
    System.arraycopy(length, 0, frame, 0, length.length);
    System.arraycopy(text, 0, frame, length.length, text.length);
    socket.getOutputStream().write(frame);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    String status = new String(in.readNBytes(4), StandardCharsets.US_ASCII);
    if (status.equals("FAIL")) {
      throw new IOException("adb: " + readBlock(in));
    }
    if (!status.equals("OKAY")) {
      // what is typed on a phone may be the secret of its lock
      String asked = request.startsWith("shell:") ? "a command for a phone's shell" : request;
      throw new IOException("adb answered '" + status + "' to " + asked);
    }
    return in;
  }

  private static String readBlock(DataInputStream in) throws IOException {
    return readBlock(in, in.read());
  }

  private static String readBlock(DataInputStream in, int first) throws IOException {
    byte[] length = new byte[4];
    if (first < 0 || in.readNBytes(length, 1, 3) < 3) {
      throw new EOFException("the adb server ended");
    }
    length[0] = (byte) first;
    try {
      int size = Integer.parseInt(new String(length, StandardCharsets.US_ASCII), 16);
      return new String(in.readNBytes(size), StandardCharsets.UTF_8);
    } catch (NumberFormatException e) {
      throw new IOException("what listens there does not speak adb's protocol", e);
    }
  }
}
