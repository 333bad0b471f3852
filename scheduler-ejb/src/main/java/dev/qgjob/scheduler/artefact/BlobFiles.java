package dev.qgjob.scheduler.artefact;

import dev.qgjob.domain.artefact.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as files named by their SHA-256, two levels deep. A file appears under its name at once and
 * whole: it is written beside, forced to disk, and moved. What was cut off is found again by any
 * server that shares the folder. Thread-safe.
 */
public final class BlobFiles implements BlobStore {
  private final Path folder;
  private final Arrivals arrivals;

  /**
   * @param folder where they lie; made when the first bytes come
   */
  public BlobFiles(Path folder) {
    this.folder = folder;
    this.arrivals = new Arrivals(folder.resolve("incoming"), this::move);
  }

  private void move(Path whole, String sha256) throws IOException {
    Path home = file(sha256);
    Files.createDirectories(home.getParent());
    Files.move(whole, home, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public Received receive(InputStream body, long limit, @Nullable String expectedSha256) {
    return arrivals.receive(body, limit, expectedSha256);
  }

  @Override
  public Received goOn(String sha256, String owner, long offset, InputStream body, long limit) {
    return arrivals.goOn(sha256, owner, offset, body, limit);
  }

  @Override
  public long begun(String sha256, String owner) {
    return arrivals.begun(sha256, owner);
  }

  private Path file(String sha256) {
    return folder.resolve(Sha256.place(sha256));
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

  private Optional<Path> path(String sha256) {
    return Optional.of(file(sha256)).filter(Files::isRegularFile);
  }

  /** The file itself. */
  @Override
  public <T> Optional<T> lend(String sha256, Function<Path, T> borrower) {
    return path(sha256).map(borrower);
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
