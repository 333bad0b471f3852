package dev.qgjob.worker.link;

import dev.qgjob.client.ApiClient;
import dev.qgjob.client.ApiProblem;
import dev.qgjob.client.Unreachable;
import dev.qgjob.worker.workspace.Blobs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs from the server. A download may take as long as it moves; one that stands still is given
 * up. Callers keep what they got, by its digest, which they check. Thread-safe.
 */
public final class HttpBlobs implements Blobs {
  private static final Logger log = LoggerFactory.getLogger(HttpBlobs.class);

  private final ApiClient server;
  private final ExecutorService threads;
  private final Duration stall;

  /**
   * @param stall how long no byte may come before the download is given up
   */
  public HttpBlobs(ApiClient server, ExecutorService threads, Duration stall) {
    this.server = server;
    this.threads = threads;
    this.stall = stall;
  }

  @Override
  public void fetch(String sha256, Path destination) throws IOException, InterruptedException {
    Path place = Objects.requireNonNull(destination.toAbsolutePath().getParent());
    Path folder = Files.createTempDirectory(place, "download");
    Path whole = folder.resolve("blob");
    Future<?> download =
        threads.submit(
            () -> {
              server.download("/blobs/" + sha256, whole);
              return null;
            });
    try {
      await(download, folder, sha256);
      Files.move(whole, destination);
    } finally {
      download.cancel(true);
      clear(folder);
    }
  }

  private void await(Future<?> download, Path folder, String sha256)
      throws IOException, InterruptedException {
    long before = -1;
    while (true) {
      try {
        download.get(stall.toMillis(), TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        long now = bytes(folder);
        if (now == before) {
          throw new IOException(
              "blob " + sha256 + ": the server sent nothing for " + stall.toSeconds() + " s", e);
        }
        before = now;
      } catch (ExecutionException e) {
        throw failure(sha256, e.getCause());
      }
    }
  }

  private static IOException failure(String sha256, @Nullable Throwable cause) {
    if (cause instanceof ApiProblem
        || cause instanceof Unreachable
        || cause instanceof IOException) {
      return new IOException("blob " + sha256 + " cannot be had: " + cause.getMessage(), cause);
    }
    return new IOException("blob " + sha256 + " cannot be had: " + cause, cause);
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(HttpBlobs::size).sum();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // it was moved to its place just now
    }
  }

  /** As far as that goes: one that was given up may still write, and its place is removed later. */
  private static void clear(Path folder) {
    try {
      try (Stream<Path> files = Files.list(folder)) {
        files.forEach(HttpBlobs::delete);
      }
      Files.deleteIfExists(folder);
    } catch (IOException | UncheckedIOException e) {
      log.debug("{} is not empty yet: {}", folder, e.getMessage());
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
