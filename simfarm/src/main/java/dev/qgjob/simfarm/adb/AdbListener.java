package dev.qgjob.simfarm.adb;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A phone's ADB port on loopback, which can vanish, come back and freeze. Several adb servers may
 * be connected at once. Thread-safe.
 */
public final class AdbListener implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(AdbListener.class);

  private final InetSocketAddress address;
  private final String banner;
  private final Services services;
  private final ExecutorService executor;
  private final Gate gate = new Gate();
  private final Set<AdbConnection> connections = ConcurrentHashMap.newKeySet();
  private @Nullable ServerSocket server;

  /**
   * A listener that does not listen yet.
   *
   * @param port on 127.0.0.1
   */
  public AdbListener(int port, String banner, Services services, ExecutorService executor) {
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.banner = banner;
    this.services = services;
    this.executor = executor;
  }

  /**
   * Opens the port; does nothing when it is open.
   *
   * @throws BindException if somebody else has the port; the message names it
   */
  public synchronized void listen() throws IOException {
    if (server != null) {
      return;
    }
    ServerSocket socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(address);
    } catch (BindException e) {
      socket.close();
      BindException taken =
          new BindException(
              "port " + address.getPort() + " is taken: stop what listens there or choose another");
      taken.initCause(e);
      throw taken;
    }
    server = socket;
    executor.execute(() -> accept(socket));
  }

  /** Closes the port and cuts every connection, as when the cable is pulled. */
  public void vanish() {
    synchronized (this) {
      if (server != null) {
        try {
          server.close();
        } catch (IOException e) {
          LOG.debug("while closing port {}: {}", address.getPort(), e.getMessage());
        }
        server = null;
      }
    }
    cutAll();
  }

  /**
   * Connections stay open and the port accepts new ones, but nothing is read or answered any more.
   */
  public void hang() {
    gate.close();
  }

  /** Undoes {@link #vanish()} and {@link #hang()}; connections that hung are cut. */
  public void comeBack() throws IOException {
    if (gate.isClosed()) {
      cutAll();
      gate.open();
    }
    listen();
  }

  /** Whether the port is open and answers. */
  public synchronized boolean isAnswering() {
    return server != null && !gate.isClosed();
  }

  @Override
  public void close() {
    gate.open();
    vanish();
  }

  private void cutAll() {
    List.copyOf(connections).forEach(AdbConnection::cut);
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        Socket peer = socket.accept();
        AdbConnection connection = new AdbConnection(peer, banner, services, gate, executor);
        connections.add(connection);
        executor.execute(
            () -> {
              try {
                connection.run();
              } finally {
                connections.remove(connection);
              }
            });
        if (socket.isClosed()) {
          connection.cut();
        }
      } catch (IOException e) {
        LOG.debug("port {} closed: {}", address.getPort(), e.getMessage());
      }
    }
  }
}
