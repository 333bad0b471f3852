package dev.qgjob.worker.appium;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;

/** Free ports on loopback; a slot keeps its own. Thread-safe. */
public final class Ports {
  private final Map<String, Integer> kept = new HashMap<>();

  /** A port that nothing listens on now. */
  public static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The port through which the driver reaches this slot's phone: the same each time. */
  public synchronized int ofSlot(String slotId) throws IOException {
    Integer known = kept.get(slotId);
    if (known != null) {
      return known;
    }
    int port = free();
    while (kept.containsValue(port)) {
      port = free();
    }
    kept.put(slotId, port);
    return port;
  }
}
