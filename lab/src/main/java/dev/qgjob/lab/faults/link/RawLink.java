package dev.qgjob.lab.faults.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Supplier;

/** Carries bytes without looking at them: the way to the broker. */
public final class RawLink extends Link {
  private RawLink(
      String name, InetAddress address, int port, Supplier<List<InetSocketAddress>> servers) {
    super(name, address, port, servers);
  }

  /** Opens a link. */
  public static RawLink open(
      String name, InetAddress address, int port, Supplier<List<InetSocketAddress>> servers) {
    RawLink link = new RawLink(name, address, port, servers);
    link.begin();
    return link;
  }

  @Override
  void carry(Wire wire) throws IOException {
    alongside(
        () -> {
          try {
            pump(wire.fromServer(), wire.toWorker(), Gate.Way.TO_WORKER);
          } catch (IOException e) {
            // the other pump sees the same
          } finally {
            wire.close();
          }
        });
    pump(wire.fromWorker(), wire.toServer(), Gate.Way.TO_SERVER);
  }

  private void pump(InputStream in, OutputStream out, Gate.Way way) throws IOException {
    byte[] piece = new byte[16_384];
    try {
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        if (!gate().pass(way)) {
          return;
        }
        out.write(piece, 0, n);
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
