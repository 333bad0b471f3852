package dev.qgjob.lab.faults.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A port on loopback behind which a server is: connections are carried to it for as long as the
 * gate is open. Thread-safe.
 */
public abstract class Link implements AutoCloseable {
  private static final int END_SECONDS = 5;

  private final ServerSocket listener;
  private final Supplier<List<InetSocketAddress>> servers;
  private final Gate gate = new Gate();
  private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads;

  /**
   * @param port 0 for a free one
   * @param servers where the other end is, asked anew at each connection, in order of preference
   */
  Link(String name, InetAddress address, int port, Supplier<List<InetSocketAddress>> servers) {
    this.servers = servers;
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "link-" + name);
              thread.setDaemon(true);
              return thread;
            });
    try {
      listener = new ServerSocket(port, 128, address);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen at " + address + ":" + port, e);
    }
  }

  /** Begins to take connections. */
  final void begin() {
    threads.execute(this::accept);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket worker = listener.accept();
        worker.setTcpNoDelay(true);
        Wire wire = new Wire(worker, servers);
        wires.add(wire);
        threads.execute(() -> serve(wire));
      } catch (IOException | RuntimeException e) {
        // closed, or this one connection came to nothing
      }
    }
  }

  private void serve(Wire wire) {
    try {
      if (gate.pass(Gate.Way.TO_SERVER)) {
        wire.connect();
        carry(wire);
      }
    } catch (IOException e) {
      // one end is gone: so is the other
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      wires.remove(wire);
      wire.close();
    }
  }

  /** Carries both directions until one end closes. */
  abstract void carry(Wire wire) throws IOException, InterruptedException;

  final void alongside(Runnable work) {
    threads.execute(work);
  }

  /** What lets pass. */
  public final Gate gate() {
    return gate;
  }

  /** Where the worker's end is. */
  public final int port() {
    return listener.getLocalPort();
  }

  /** Breaks all connections that there are; new ones may come at once. */
  public final void reset() {
    wires.forEach(Wire::reset);
  }

  /** Ends it. What had passed before is written down when this returns. */
  @Override
  public final void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      gate.close();
      wires.forEach(Wire::close);
      threads.shutdownNow();
      awaitThreads();
    }
  }

  private void awaitThreads() {
    try {
      threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
