package dev.qgjob.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Numbers a worker's registrations, each higher than those before, over its restarts. Where the
 * file was put back as it was earlier, the clock keeps the numbers rising. For one process and one
 * thread.
 */
public final class Registrations implements LongSupplier {
  private final Path file;
  private final InstantSource clock;

  /**
   * @param file where the last number is kept; its folder is there
   */
  public Registrations(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /**
   * The next number, kept before it is used.
   *
   * @throws UncheckedIOException where it cannot be kept
   */
  @Override
  public long getAsLong() {
    try {
      long next = Math.max(last() + 1, clock.millis());
      Path part = file.resolveSibling(file.getFileName() + ".part");
      Files.writeString(part, Long.toString(next));
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return next;
    } catch (IOException e) {
      throw new UncheckedIOException("the registration's number cannot be kept in " + file, e);
    }
  }

  /** A file that a full disk left empty says nothing: then the clock alone does. */
  private long last() throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    String kept = Files.readString(file).strip();
    return kept.matches("[0-9]{1,18}") ? Long.parseLong(kept) : 0;
  }
}
