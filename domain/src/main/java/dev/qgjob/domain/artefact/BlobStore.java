package dev.qgjob.domain.artefact;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Outbound: bytes by their SHA-256, without regard to whose they are. Thread-safe. What fails on
 * the way throws {@link UncheckedIOException}, or {@link Unavailable} where the place of the bytes
 * is another machine's, and leaves nothing behind.
 */
public interface BlobStore {
  /**
   * Takes bytes as they come; they are durable when this returns {@link Received.Kept}, and gone
   * otherwise.
   *
   * @param limit the most bytes to take
   * @param expectedSha256 what they must hash to, in lower-case hex, or null for any
   */
  Received receive(InputStream body, long limit, @Nullable String expectedSha256);

  /**
   * Takes the rest of bytes of which some came before. What came stays where the sender is cut off
   * again, for a day; it is gone with any other end.
   *
   * @param owner whose upload it is: nobody goes on with another's
   * @param offset bytes that the sender leaves out: as many as {@link #begun}, or 0 for all anew
   * @param limit the most bytes to take, those that came before included
   */
  Received goOn(String sha256, String owner, long offset, InputStream body, long limit);

  /** Bytes that came of an upload that was cut off; 0 where there is none. */
  long begun(String sha256, String owner);

  boolean has(String sha256);

  /**
   * Takes bytes away that were last received longer ago.
   *
   * @return false where they came since, and stay
   */
  boolean remove(String sha256, Duration untouched);

  /** Opens bytes; the receiver closes them. */
  Optional<Opened> open(String sha256);

  /**
   * Lends bytes as a file to what cannot read a stream: it leaves the file as it is, and keeps no
   * path to it. Here it is a copy that is gone afterwards.
   */
  default <T> Optional<T> lend(String sha256, Function<Path, T> borrower) {
    Optional<Opened> opened = open(sha256);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream body = opened.get().body()) {
      Path copy = Files.createTempFile("blob-", ".bytes");
      try {
        Files.copy(body, copy, StandardCopyOption.REPLACE_EXISTING);
        return Optional.of(borrower.apply(copy));
      } finally {
        Files.deleteIfExists(copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy " + sha256 + " to a file", e);
    }
  }

  /** What came of taking bytes. */
  sealed interface Received {
    record Kept(String sha256, long size) implements Received {}

    record WrongHash(String sha256) implements Received {}

    record TooLarge(long limit) implements Received {}

    /** The rest is of something else: another one is at it, or as many bytes did not come. */
    record OutOfStep() implements Received {}
  }

  /** {@code size} in bytes. */
  record Opened(long size, InputStream body) {}

  /**
   * The place of the bytes cannot be reached, or refuses this server. It has no stack trace: it
   * says all in its message, for the operator.
   */
  final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message) {
      super(message, null, false, false);
    }
  }
}
