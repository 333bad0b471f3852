package dev.qgjob.api.door;

import dev.qgjob.api.limit.Places;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.StreamSourceConduit;

/**
 * A body that may be left over when its request is answered. The container reads such a rest to its
 * end, on the request's thread, for the next request of the connection comes behind it; and a
 * client that still sends would see a broken connection and not its answer. So it is heard out for
 * a while, by a few threads at most, and then the connection goes.
 */
final class UnreadBody extends AbstractStreamSourceConduit<StreamSourceConduit> {
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final HttpServerExchange exchange;
  private final Places places;
  private long answeredAt;
  private boolean answered;

  /**
   * @param places of threads that wait for such a rest
   */
  UnreadBody(StreamSourceConduit body, HttpServerExchange exchange, Places places) {
    super(body);
    this.exchange = exchange;
    this.places = places;
  }

  /** How much longer it is heard out; without an end where it is read for its request. */
  private long left() throws IOException {
    if (!exchange.isResponseStarted()) {
      return Long.MAX_VALUE;
    }
    long now = System.nanoTime();
    if (!answered) {
      answered = true;
      answeredAt = now;
    }
    long left = LONGEST_NANOS - (now - answeredAt);
    if (left <= 0) {
      throw new IOException("the rest of a body that nobody wants does not come");
    }
    return left;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    left();
    return super.read(into);
  }

  @Override
  public long read(ByteBuffer[] into, int from, int length) throws IOException {
    left();
    return super.read(into, from, length);
  }

  @Override
  public long transferTo(long position, long count, FileChannel target) throws IOException {
    left();
    return super.transferTo(position, count, target);
  }

  @Override
  public void awaitReadable() throws IOException {
    long left = left();
    if (left == Long.MAX_VALUE) {
      super.awaitReadable();
    } else {
      hearOut(left);
    }
  }

  @Override
  public void awaitReadable(long time, TimeUnit unit) throws IOException {
    long left = left();
    if (left == Long.MAX_VALUE) {
      super.awaitReadable(time, unit);
    } else {
      hearOut(Math.min(left, unit.toNanos(time)));
    }
  }

  private void hearOut(long nanos) throws IOException {
    if (!places.take("")) {
      throw new IOException("too many bodies that nobody wants are on their way");
    }
    try {
      super.awaitReadable(nanos, TimeUnit.NANOSECONDS);
    } finally {
      places.give("");
    }
  }
}
