package dev.qgjob.scheduler.artefact;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.qgjob.domain.artefact.BlobStore.Received;
import dev.qgjob.domain.artefact.BodyCutOff;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Uploads on their way: written to files of a folder, forced to disk and hashed there; what is
 * whole and right goes on to its place. What was cut off waits under a name that its sender finds
 * again, on any server that shares the folder; who goes on with it moves it to a name of its own
 * first, so that two never write the same file. Thread-safe.
 */
final class Arrivals {
  private static final int BUFFER = 64 * 1024;
  private static final Duration KEPT = Duration.ofDays(1);

  private final Path incoming;
  private final Place place;

  /** Where bytes go that have come. */
  interface Place {
    /** Takes the bytes of a file, all or none; the file may be gone afterwards. */
    void take(Path whole, String sha256) throws IOException;
  }

  /**
   * @param incoming the folder; made when the first bytes come
   */
  Arrivals(Path incoming, Place place) {
    this.incoming = incoming;
    this.place = place;
  }

  Received receive(InputStream body, long limit, @Nullable String expectedSha256) {
    Path draft = incoming.resolve(UUID.randomUUID() + ".part");
    try {
      Files.createDirectories(incoming);
      try {
        return take(new Draft(draft, 0), body, limit, expectedSha256);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep an upload under " + incoming, e);
    }
  }

  Received goOn(String sha256, String owner, long offset, InputStream body, long limit) {
    Path draft = draft(sha256, owner);
    Path mine = incoming.resolve(UUID.randomUUID() + ".part");
    boolean cutOff = false;
    try {
      Files.createDirectories(incoming);
      removeOld();
      moved(draft, mine);
      if (offset > 0 && length(mine) != offset) {
        cutOff = true; // what came is as it was
        return new Received.OutOfStep();
      }
      return take(new Draft(mine, offset), body, limit, sha256);
    } catch (BodyCutOff e) {
      cutOff = true;
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep an upload under " + incoming, e);
    } finally {
      if (!cutOff || !moved(mine, draft)) {
        remove(mine);
      }
    }
  }

  /** False where the file is not there: another one has it, or nobody. */
  private static boolean moved(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot move " + from, e);
    }
  }

  long begun(String sha256, String owner) {
    return length(draft(sha256, owner));
  }

  private Path draft(String sha256, String owner) {
    String ofOwner = HexFormat.of().formatHex(Sha256.digest().digest(owner.getBytes(UTF_8)));
    return incoming.resolve(Sha256.checked(sha256) + "-" + ofOwner.substring(0, 16) + ".part");
  }

  private static long length(Path file) {
    return file.toFile().length(); // 0 where it is not there
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What nobody went on with for a day. */
  private void removeOld() throws IOException {
    Instant old = Instant.now().minus(KEPT);
    try (Stream<Path> drafts = Files.list(incoming)) {
      for (Path draft : drafts.toList()) {
        try {
          if (Files.getLastModifiedTime(draft).toInstant().isBefore(old)) {
            Files.deleteIfExists(draft);
          }
        } catch (NoSuchFileException e) {
          // another thread was faster
        }
      }
    }
  }

  /** Where bytes are put together, and how many of them count. */
  private record Draft(Path file, long kept) {}

  private Received take(Draft draft, InputStream body, long limit, @Nullable String expected)
      throws IOException {
    MessageDigest digest = Sha256.digest();
    long size = draft.kept();
    try (FileChannel channel =
        FileChannel.open(
            draft.file(),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      channel.truncate(size);
      digest(channel, digest);
      byte[] buffer = new byte[BUFFER];
      for (int read = next(body, buffer); read >= 0; read = next(body, buffer)) {
        size += read;
        if (size > limit) {
          return new Received.TooLarge(limit);
        }
        digest.update(buffer, 0, read);
        write(channel, ByteBuffer.wrap(buffer, 0, read));
      }
      channel.force(true);
    }
    String actual = HexFormat.of().formatHex(digest.digest());
    if (expected != null && !expected.equals(actual)) {
      return new Received.WrongHash(actual);
    }
    place.take(draft.file(), actual);
    return new Received.Kept(actual, size);
  }

  /** What came before; the channel is at its end then. */
  private static void digest(FileChannel channel, MessageDigest digest) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
    while (channel.read(buffer) >= 0) {
      digest.update(buffer.flip());
      buffer.clear();
    }
  }

  private static int next(InputStream body, byte[] buffer) {
    try {
      return body.read(buffer);
    } catch (IOException e) {
      throw new BodyCutOff("the upload ended before its end: " + e.getMessage());
    }
  }

  private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }
}
