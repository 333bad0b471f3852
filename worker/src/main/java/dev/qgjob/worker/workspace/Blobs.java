package dev.qgjob.worker.workspace;

import java.io.IOException;
import java.nio.file.Path;

/** Where bundles and apps come from. Implementations are thread-safe. */
public interface Blobs {
  /**
   * Writes the blob's bytes to {@code destination}, a file that does not exist yet. Its digest is
   * checked by the caller.
   *
   * @param sha256 lower-case hex
   * @throws IOException when the blob is not there or cannot be had, with a message for people
   * @throws InterruptedException when nobody wants it any more
   */
  void fetch(String sha256, Path destination) throws IOException, InterruptedException;
}
