package dev.qgjob.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Results for whoever reads them: a reader who has had enough ({@code qgjob list | head}) is no
 * error and gets no more, while any other failure to write is one. Not thread-safe.
 */
final class UntilHungUp extends FilterOutputStream {
  /** What Linux and macOS say in English; in another language the failure is told as one. */
  private static final String HUNG_UP = "Broken pipe";

  private boolean hungUp;

  UntilHungUp(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    if (hungUp) {
      return;
    }
    try {
      out.write(bytes, from, length);
    } catch (IOException e) {
      if (!HUNG_UP.equals(e.getMessage())) {
        throw e;
      }
      hungUp = true;
    }
  }
}
