package dev.qgjob.lab.faults.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.function.Supplier;

/** One connection through a link: the worker's end and the server's. */
final class Wire implements AutoCloseable {
  private static final int CONNECT_MS = 1_000;

  private final Socket worker;
  private final Supplier<List<InetSocketAddress>> servers;
  private volatile Socket server = new Socket();

  Wire(Socket worker, Supplier<List<InetSocketAddress>> servers) {
    this.worker = worker;
    this.servers = servers;
  }

  /**
   * Connects to the first server that takes the connection.
   *
   * @throws IOException when none does
   */
  void connect() throws IOException {
    IOException why = new IOException("no server is up");
    for (InetSocketAddress one : servers.get()) {
      Socket socket = new Socket();
      try {
        socket.setTcpNoDelay(true);
        socket.connect(one, CONNECT_MS);
        server = socket;
        return;
      } catch (IOException e) {
        socket.close();
        why = e;
      }
    }
    throw why;
  }

  InputStream fromWorker() throws IOException {
    return worker.getInputStream();
  }

  OutputStream toWorker() throws IOException {
    return worker.getOutputStream();
  }

  InputStream fromServer() throws IOException {
    return server.getInputStream();
  }

  OutputStream toServer() throws IOException {
    return server.getOutputStream();
  }

  /** Breaks both ends as a crash in between would: with a reset. */
  void reset() {
    for (Socket socket : List.of(worker, server)) {
      try {
        socket.setSoLinger(true, 0);
      } catch (IOException e) {
        // closed already
      }
    }
    close();
  }

  @Override
  public void close() {
    for (Socket socket : List.of(worker, server)) {
      try {
        socket.close();
      } catch (IOException e) {
        // nothing more can be done about it
      }
    }
  }
}
