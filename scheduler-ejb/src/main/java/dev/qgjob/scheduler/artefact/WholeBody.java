package dev.qgjob.scheduler.artefact;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A body of a known length. The JDK's HTTP client takes a connection that breaks for the end of the
 * body; here that fails.
 */
final class WholeBody extends FilterInputStream {
  private long left;

  /**
   * @param size in bytes
   */
  WholeBody(InputStream body, long size) {
    super(body);
    this.left = size;
  }

  @Override
  public int read() throws IOException {
    int next = super.read();
    count(next < 0 ? -1 : 1);
    return next;
  }

  @Override
  public int read(byte[] into, int from, int most) throws IOException {
    int read = super.read(into, from, most);
    count(read);
    return read;
  }

  @Override
  public long skip(long most) throws IOException {
    long skipped = super.skip(most);
    left -= skipped;
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private void count(int read) throws IOException {
    if (read >= 0) {
      left -= read;
    } else if (left > 0) {
      throw new EOFException("the bucket broke off " + left + " bytes before the end");
    }
  }
}
