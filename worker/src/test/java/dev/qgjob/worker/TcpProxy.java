package dev.qgjob.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A line that can be spoilt. What a hole swallows is held, as a network would by sending it again,
 * and arrives when the line is well: late, but whole.
 */
public final class TcpProxy implements AutoCloseable {
  private enum Way {
    THERE,
    BACK
  }

  private final InetSocketAddress target;
  private final ServerSocket server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  // guarded by this
  private boolean holeThere;
  private boolean holeBack;
  private boolean refusing;
  private long delayMs;

  public TcpProxy(URI target) throws IOException {
    this.target = new InetSocketAddress(target.getHost(), target.getPort());
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /** The same address with the proxy's port. */
  public URI uri(String scheme) {
    return URI.create(scheme + "://127.0.0.1:" + server.getLocalPort());
  }

  /** All well from now on; what was held goes on its way. */
  public synchronized void pass() {
    holeThere = false;
    holeBack = false;
    refusing = false;
    delayMs = 0;
    notifyAll();
  }

  /** Nothing arrives any more, in either direction, and nobody is told. */
  public synchronized void blackHole() {
    holeThere = true;
    holeBack = true;
  }

  /** What is asked does not arrive; new answers would. */
  public synchronized void blackHoleThere() {
    holeThere = true;
  }

  /** What is asked arrives, and no answer comes. */
  public synchronized void blackHoleBack() {
    holeBack = true;
  }

  /** Every piece comes this much later. */
  public synchronized void delay(long millis) {
    delayMs = millis;
  }

  /** Resets all connections, and each new one. */
  public void reset() {
    synchronized (this) {
      refusing = true;
    }
    sockets.forEach(TcpProxy::cut);
  }

  private void accept() {
    try {
      while (true) {
        Socket near = server.accept();
        if (isRefusing()) {
          cut(near);
          continue;
        }
        sockets.add(near);
        threads.execute(() -> connect(near));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private synchronized boolean isRefusing() {
    return refusing;
  }

  private void connect(Socket near) {
    Socket far = new Socket();
    sockets.add(far);
    try {
      far.connect(target);
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      threads.execute(() -> pump(far, near, Way.BACK));
      pump(near, far, Way.THERE);
    } catch (IOException e) {
      cut(near);
      cut(far);
    }
  }

  private void pump(Socket from, Socket to, Way way) {
    byte[] piece = new byte[8192];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        awaitWay(way);
        out.write(piece, 0, read);
      }
      awaitWay(way);
      to.shutdownOutput();
    } catch (IOException e) {
      cut(from);
      cut(to);
    } catch (InterruptedException e) {
      cut(from);
      cut(to);
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void awaitWay(Way way) throws InterruptedException {
    if (delayMs > 0) {
      long end = System.nanoTime() + delayMs * 1_000_000;
      for (long left = delayMs; left > 0; left = (end - System.nanoTime()) / 1_000_000) {
        wait(left);
      }
    }
    while (way == Way.THERE ? holeThere : holeBack) {
      wait();
    }
  }

  private static void cut(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // it is closed already
    }
    try {
      socket.close();
    } catch (IOException e) {
      // as good as closed
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    sockets.forEach(TcpProxy::cut);
    threads.shutdownNow();
  }
}
