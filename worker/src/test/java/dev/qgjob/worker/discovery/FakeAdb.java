package dev.qgjob.worker.discovery;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BinaryOperator;

/** The adb server's side of the socket: tracks a list that a test writes, says what phones are. */
public final class FakeAdb implements AutoCloseable {
  final Map<String, Map<String, String>> properties = new ConcurrentHashMap<>();
  private final List<String> orders = new CopyOnWriteArrayList<>();
  private final List<Socket> trackers = new CopyOnWriteArrayList<>();
  private final int port;
  private ServerSocket listening;
  private volatile String devices = "";
  private volatile String unanswered = "\n"; // in no line of a shell
  private volatile BinaryOperator<String> shell =
      (serial, line) -> {
        throw new AssertionError("asked for something else: " + line);
      };

  public FakeAdb() throws IOException {
    listening = new ServerSocket(0, 20, InetAddress.getLoopbackAddress());
    port = listening.getLocalPort();
    accept();
  }

  public int port() {
    return port;
  }

  public void phone(String serial, Map<String, String> values) {
    properties.put(serial, values);
  }

  /** Answers the lines of phones' shells that do not ask for properties, by serial and line. */
  public void shell(BinaryOperator<String> answers) {
    shell = answers;
  }

  /** Ends the connection in place of an answer to lines of shells that have this in them. */
  public void endsAt(String part) {
    unanswered = part;
  }

  /** What it was told to do, in order: {@code SERIAL reboot}, else as it was asked. */
  public List<String> orders() {
    return List.copyOf(orders);
  }

  /** Tells trackers: lines as {@code adb devices} has them. */
  public void tell(String list) throws IOException {
    synchronized (trackers) {
      devices = list;
      for (Socket tracker : trackers) {
        block(tracker.getOutputStream(), list);
      }
    }
  }

  /** The server is killed, as by {@code adb kill-server}. */
  void kill() throws IOException {
    listening.close();
    for (Socket tracker : trackers) {
      tracker.close();
    }
    trackers.clear();
  }

  void restart() throws IOException {
    listening = new ServerSocket(port, 20, InetAddress.getLoopbackAddress());
    accept();
  }

  private void accept() {
    ServerSocket now = listening;
    Thread thread =
        new Thread(
            () -> {
              while (true) {
                try {
                  Socket socket = now.accept();
                  Thread one = new Thread(() -> serve(socket));
                  one.setDaemon(true);
                  one.start();
                } catch (IOException e) {
                  return;
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Socket socket) {
    try {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      String serial = "";
      while (true) {
        String request = request(in);
        if (request.equals("host:track-devices")) {
          out.write("OKAY".getBytes(StandardCharsets.US_ASCII));
          synchronized (trackers) {
            block(out, devices);
            trackers.add(socket);
          }
          return;
        }
        if (request.equals("host:devices")) {
          out.write("OKAY".getBytes(StandardCharsets.US_ASCII));
          block(out, devices);
          socket.close();
          return;
        }
        if (request.startsWith("host:connect:")) {
          orders.add(request);
          out.write("OKAY".getBytes(StandardCharsets.US_ASCII));
          block(out, "connected to " + request.substring("host:connect:".length()));
          socket.close();
          return;
        }
        String known = request.replaceAll("^host-serial:|:reconnect$", "");
        if (request.endsWith(":reconnect") && !properties.containsKey(known)) {
          orders.add(request);
          out.write("FAIL".getBytes(StandardCharsets.US_ASCII));
          block(out, "device '" + known + "' not found");
          socket.close();
          return;
        }
        if (request.endsWith(":reconnect")
            || request.equals("host:reconnect-offline")
            || request.equals("reboot:")) {
          orders.add(request.equals("reboot:") ? serial + " reboot" : request);
          out.write("OKAY".getBytes(StandardCharsets.US_ASCII));
          socket.close();
          return;
        }
        if (request.startsWith("host:transport:")) {
          serial = request.substring("host:transport:".length());
          if (!properties.containsKey(serial)) {
            out.write("FAIL".getBytes(StandardCharsets.US_ASCII));
            block(out, "device '" + serial + "' not found");
            socket.close();
            return;
          }
          out.write("OKAY".getBytes(StandardCharsets.US_ASCII));
        } else {
          if (request.contains(unanswered)) {
            socket.close();
            return;
          }
          String said = answer(serial, request.substring("shell:".length()));
          out.write("OKAY".getBytes(StandardCharsets.US_ASCII));
          out.write(said.getBytes(StandardCharsets.UTF_8));
          socket.close();
          return;
        }
      }
    } catch (IOException e) {
      // the other side has gone
    }
  }

  private String answer(String serial, String line) {
    if (!line.equals(PhoneProperties.QUESTION)) {
      return shell.apply(serial, line);
    }
    Map<String, String> all = new HashMap<>(Map.of("sys.boot_completed", "1"));
    all.putAll(properties.get(serial));
    StringBuilder out = new StringBuilder();
    all.forEach((name, value) -> out.append("[" + name + "]: [" + value + "]\r\n"));
    return out + "Physical size: 1080x2400\n";
  }

  private static String request(DataInputStream in) throws IOException {
    byte[] length = new byte[4];
    in.readFully(length);
    byte[] text = new byte[Integer.parseInt(new String(length, StandardCharsets.US_ASCII), 16)];
    in.readFully(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static void block(OutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.write(String.format("%04x", bytes.length).getBytes(StandardCharsets.US_ASCII));
    out.write(bytes);
  }

  @Override
  public void close() throws IOException {
    kill();
  }
}
