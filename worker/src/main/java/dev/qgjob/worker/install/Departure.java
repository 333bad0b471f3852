package dev.qgjob.worker.install;

import dev.qgjob.worker.discovery.AdbServer;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notices when a phone leaves adb's list. Thread-safe. */
final class Departure implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Departure.class);

  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private @Nullable Socket connection;
  private boolean closed;

  private Departure() {}

  /** Watches until it is closed or the adb server ends, with which its commands end as well. */
  static Departure watch(AdbServer server, String udid) {
    Departure departure = new Departure();
    Thread thread = new Thread(() -> departure.follow(server, udid), "departure-" + udid);
    thread.setDaemon(true);
    thread.start();
    return departure;
  }

  /** Completes when adb no longer calls the phone a {@code device}, and never otherwise. */
  CompletableFuture<Void> gone() {
    return gone;
  }

  private void follow(AdbServer server, String udid) {
    try {
      server.track(
          this::connected,
          states -> {
            if (!"device".equals(states.get(udid))) {
              gone.complete(null);
            }
            return false;
          });
    } catch (IOException e) {
      LOG.debug("watching {} ended: {}", udid, e.getMessage());
    }
  }

  private synchronized void connected(Socket socket) {
    connection = socket;
    if (closed) {
      close();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (connection != null) {
      try {
        connection.close();
      } catch (IOException e) {
        LOG.debug("closing adb's socket: {}", e.getMessage());
      }
    }
  }
}
