package dev.qgjob.simfarm.adb;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of an adb server to a phone. {@link #run()} reads frames on its own thread until
 * either side ends it; every stream is served on a thread of the executor, so a slow service delays
 * no other.
 */
public final class AdbConnection implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(AdbConnection.class);

  /** The first version; with it the peer sends and checks payload sums. */
  private static final int VERSION = 0x01000000;

  private static final int MAX_STREAMS = 1_000;

  private final Socket socket;
  private final String banner;
  private final Services services;
  private final Gate gate;
  private final Executor executor;
  private final Map<Integer, AdbStream> streams = new ConcurrentHashMap<>();
  private final AtomicInteger nextId = new AtomicInteger(1);
  private final Object writing = new Object();
  private volatile int maxPayload = 4096;

  /**
   * A connection that is not served yet.
   *
   * @param banner what the phone says of itself, such as {@code
   *     device::ro.product.name=x;features=}
   * @param gate closed while the phone is to seem frozen
   */
  public AdbConnection(
      Socket socket, String banner, Services services, Gate gate, Executor executor) {
    this.socket = socket;
    this.banner = banner;
    this.services = services;
    this.gate = gate;
    this.executor = executor;
  }

  @Override
  public void run() {
    try (Socket open = socket) {
      open.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(open.getInputStream(), 64 * 1024);
      for (Optional<AdbFrame> frame = AdbFrame.read(in);
          frame.isPresent();
          frame = AdbFrame.read(in)) {
        gate.pass();
        handle(frame.get());
      }
    } catch (MalformedFrameException e) {
      LOG.warn("closing a connection that does not speak ADB: {}", e.getMessage());
    } catch (IOException e) {
      LOG.debug("an ADB connection ended: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      List.copyOf(streams.values()).forEach(AdbStream::hangUp);
      streams.clear();
    }
  }

  /** Ends the connection as a pulled cable does; {@link #run()} returns soon after. */
  public void cut() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("while closing: {}", e.getMessage());
    }
  }

  int maxPayload() {
    return maxPayload;
  }

  void send(AdbFrame frame) throws IOException {
    try {
      gate.pass();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    synchronized (writing) {
      OutputStream out = socket.getOutputStream();
      out.write(frame.bytes());
      out.flush();
    }
  }

  void closed(AdbStream stream) {
    streams.remove(stream.localId());
    try {
      send(AdbFrame.of(AdbCommand.CLSE, stream.localId(), stream.remoteId()));
    } catch (IOException e) {
      LOG.debug("the peer was gone before its stream was closed: {}", e.getMessage());
    }
  }

  private void handle(AdbFrame frame) throws IOException {
    switch (frame.command()) {
      case CNXN -> greet(frame);
      case OPEN -> open(frame);
      case OKAY -> find(frame).ifPresent(AdbStream::okay);
      case WRTE -> write(frame);
      case CLSE -> close(frame);
      case AUTH, STLS, SYNC -> LOG.debug("ignoring {}", frame.command());
    }
  }

  private void greet(AdbFrame frame) throws IOException {
    maxPayload = Math.max(1024, Math.min(frame.arg1(), AdbFrame.MAX_PAYLOAD));
    send(
        new AdbFrame(
            AdbCommand.CNXN,
            VERSION,
            AdbFrame.MAX_PAYLOAD,
            (banner + "\0").getBytes(StandardCharsets.UTF_8)));
  }

  private void open(AdbFrame frame) throws IOException {
    if (frame.arg0() == 0) {
      throw new MalformedFrameException("OPEN without a stream id");
    }
    if (streams.size() >= MAX_STREAMS) {
      send(AdbFrame.of(AdbCommand.CLSE, 0, frame.arg0()));
      return;
    }
    AdbStream stream = new AdbStream(this, nextId.getAndIncrement(), frame.arg0());
    streams.put(stream.localId(), stream);
    String destination = frame.text();
    executor.execute(() -> serve(destination, stream));
  }

  private void serve(String destination, AdbStream stream) {
    try {
      Optional<Service> service = services.find(destination);
      if (service.isEmpty()) {
        streams.remove(stream.localId());
        send(AdbFrame.of(AdbCommand.CLSE, 0, stream.remoteId()));
        return;
      }
      send(AdbFrame.of(AdbCommand.OKAY, stream.localId(), stream.remoteId()));
      CompletionStage<?> end = service.get().serve(stream);
      end.whenComplete(
          (result, failure) -> {
            if (failure != null) {
              LOG.warn("service '{}' failed", destination, failure);
            }
            stream.close();
          });
    } catch (IOException e) {
      LOG.debug("service '{}' ended: {}", destination, e.getMessage());
      stream.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stream.close();
    } catch (RuntimeException e) {
      LOG.error("service '{}' failed", destination, e);
      stream.close();
    }
  }

  private void write(AdbFrame frame) throws IOException {
    Optional<AdbStream> stream = find(frame);
    if (stream.isPresent()) {
      stream.get().arrived(frame.payload());
    } else {
      send(AdbFrame.of(AdbCommand.CLSE, 0, frame.arg0()));
    }
  }

  private void close(AdbFrame frame) throws IOException {
    AdbStream stream = streams.remove(frame.arg1());
    if (stream != null) {
      send(AdbFrame.of(AdbCommand.CLSE, stream.localId(), stream.remoteId()));
      stream.hangUp();
    }
  }

  private Optional<AdbStream> find(AdbFrame frame) {
    return Optional.ofNullable(streams.get(frame.arg1()))
        .filter(stream -> stream.remoteId() == frame.arg0());
  }
}
