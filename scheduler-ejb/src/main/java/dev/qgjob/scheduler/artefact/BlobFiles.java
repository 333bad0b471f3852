package dev.qgjob.scheduler.artefact;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.qgjob.domain.artefact.BlobStore;
import dev.qgjob.domain.artefact.BodyCutOff;
import dev.qgjob.scheduler.setting.Settings;
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
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as files named by their SHA-256, two levels deep. A file appears under its name at once and
 * whole: it is written beside, forced to disk, and moved. What was cut off waits under a name that
 * its sender finds again, on any server that shares the folder; who goes on with it moves it to a
 * name of its own first, so that two never write the same file. Thread-safe.
 */
public final class BlobFiles implements BlobStore {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final int BUFFER = 64 * 1024;
  private static final Duration KEPT = Duration.ofDays(1);

  private final Path folder;
  private final Path incoming;

  /**
   * @param folder where they lie; made when the first bytes come
   */
  public BlobFiles(Path folder) {
    this.folder = folder;
    this.incoming = folder.resolve("incoming");
  }

  /** Those of this server, and of the others that share its folder. */
  public static BlobFiles of(Settings settings) {
    return new BlobFiles(settings.blobs());
  }

  @Override
  public Received receive(InputStream body, long limit, @Nullable String expectedSha256) {
    Path draft = incoming.resolve(UUID.randomUUID() + ".part");
    try {
      Files.createDirectories(incoming);
      try {
        return take(new Draft(draft, 0), body, limit, expectedSha256);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep an upload under " + folder, e);
    }
  }

  @Override
  public Received goOn(String sha256, String owner, long offset, InputStream body, long limit) {
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
      throw new UncheckedIOException("cannot keep an upload under " + folder, e);
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

  @Override
  public long begun(String sha256, String owner) {
    return length(draft(sha256, owner));
  }

  private Path draft(String sha256, String owner) {
    String ofOwner = HexFormat.of().formatHex(sha256().digest(owner.getBytes(UTF_8)));
    return incoming.resolve(file(sha256).getFileName() + "-" + ofOwner.substring(0, 16) + ".part");
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
    MessageDigest digest = sha256();
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
    Path home = file(actual);
    Files.createDirectories(home.getParent());
    Files.move(
        draft.file(), home, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A name that is no hash never becomes a path. */
  private Path file(String sha256) {
    if (!SHA256.matcher(sha256).matches()) {
      throw new IllegalArgumentException("not a SHA-256 in lower-case hex");
    }
    return folder.resolve(sha256.substring(0, 2)).resolve(sha256);
  }

  @Override
  public boolean remove(String sha256, Duration untouched) {
    Path file = file(sha256);
    try {
      if (Files.getLastModifiedTime(file).toInstant().isAfter(Instant.now().minus(untouched))) {
        return false;
      }
      Files.deleteIfExists(file);
      return true;
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + file, e);
    }
  }

  @Override
  public boolean has(String sha256) {
    return path(sha256).isPresent();
  }

  /** The file of these bytes, for tools that want one. */
  public Optional<Path> path(String sha256) {
    return Optional.of(file(sha256)).filter(Files::isRegularFile);
  }

  @Override
  public Optional<Opened> open(String sha256) {
    try {
      Path file = file(sha256);
      return Optional.of(new Opened(Files.size(file), Files.newInputStream(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + sha256 + " under " + folder, e);
    }
  }
}
