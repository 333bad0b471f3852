package dev.qgjob.simfarm.adb;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * One stream of an ADB connection. Writing blocks until the peer has taken the piece before; what
 * arrives is acknowledged only when it is read, so a slow reader slows the peer and nothing piles
 * up. Thread-safe; one reader and one writer at a time is the intended use.
 */
public final class AdbStream {
  private final AdbConnection connection;
  private final int localId;
  private final int remoteId;
  private final Deque<byte[]> arrived = new ArrayDeque<>();
  private final List<Runnable> onHangUp = new ArrayList<>();
  private boolean mayWrite = true;
  private boolean hungUp;
  private boolean closed;

  AdbStream(AdbConnection connection, int localId, int remoteId) {
    this.connection = connection;
    this.localId = localId;
    this.remoteId = remoteId;
  }

  int localId() {
    return localId;
  }

  int remoteId() {
    return remoteId;
  }

  /** Runs the action once the peer closes the stream or the connection ends; at once if it has. */
  public void onHangUp(Runnable action) {
    synchronized (this) {
      if (!hungUp) {
        onHangUp.add(action);
        return;
      }
    }
    action.run();
  }

  /**
   * Sends bytes in pieces that the peer accepts, each after the one before was taken.
   *
   * @throws IOException if the stream is closed, by whichever side
   */
  public void write(byte[] bytes, int from, int length) throws IOException {
    int at = from;
    int left = length;
    while (left > 0) {
      int piece = Math.min(left, connection.maxPayload());
      awaitTurn();
      connection.send(
          new AdbFrame(
              AdbCommand.WRTE, localId, remoteId, Arrays.copyOfRange(bytes, at, at + piece)));
      at += piece;
      left -= piece;
    }
  }

  /** What the peer sends, until it hangs up. */
  public InputStream input() {
    return new StreamInput();
  }

  /**
   * Towards the peer; every write is at least one frame, so wrap it in a buffer where that matters.
   */
  public OutputStream output() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        AdbStream.this.write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        AdbStream.this.write(bytes, from, length);
      }
    };
  }

  /** Closes the stream from this side; does nothing when it is closed. */
  public void close() {
    boolean tell;
    synchronized (this) {
      tell = !closed && !hungUp;
      closed = true;
      notifyAll();
    }
    if (tell) {
      connection.closed(this);
    }
  }

  void okay() {
    synchronized (this) {
      mayWrite = true;
      notifyAll();
    }
  }

  void arrived(byte[] payload) {
    synchronized (this) {
      if (!closed) {
        arrived.add(payload);
        notifyAll();
      }
    }
  }

  void hangUp() {
    List<Runnable> actions;
    synchronized (this) {
      if (hungUp) {
        return;
      }
      hungUp = true;
      actions = List.copyOf(onHangUp);
      notifyAll();
    }
    actions.forEach(Runnable::run);
  }

  private synchronized void awaitTurn() throws IOException {
    while (!mayWrite && !closed && !hungUp) {
      pause();
    }
    if (closed || hungUp) {
      throw new IOException("the stream is closed");
    }
    mayWrite = false;
  }

  private synchronized byte[] take() throws IOException {
    while (arrived.isEmpty() && !hungUp && !closed) {
      pause();
    }
    byte[] piece = arrived.poll();
    return piece == null ? new byte[0] : piece;
  }

  /** Called in loops only, which hold the lock. */
  @SuppressWarnings("WaitNotInLoop")
  private void pause() throws IOException {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private final class StreamInput extends InputStream {
    private byte[] piece = new byte[0];
    private int at;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      while (at == piece.length) {
        piece = take();
        at = 0;
        if (piece.length == 0) {
          return -1;
        }
        connection.send(AdbFrame.of(AdbCommand.OKAY, localId, remoteId));
      }
      int taken = Math.min(length, piece.length - at);
      System.arraycopy(piece, at, into, offset, taken);
      at += taken;
      return taken;
    }
  }
}
