package dev.qgjob.domain.artefact;

import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Outbound: bytes by their SHA-256, without regard to whose they are. Thread-safe. What fails on
 * the way throws {@link java.io.UncheckedIOException} and leaves nothing behind.
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

  boolean has(String sha256);

  /** Opens bytes; the receiver closes them. */
  Optional<Opened> open(String sha256);

  /** What came of taking bytes. */
  sealed interface Received {
    record Kept(String sha256, long size) implements Received {}

    record WrongHash(String sha256) implements Received {}

    record TooLarge(long limit) implements Received {}
  }

  /** {@code size} in bytes. */
  record Opened(long size, InputStream body) {}
}
