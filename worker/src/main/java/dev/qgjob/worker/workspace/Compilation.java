package dev.qgjob.worker.workspace;

import dev.qgjob.worker.run.Assignment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Playwright and Node compile of a project's code, kept for the next run at the same place:
 * both know a file by its path. A run could write here what the next one executes, so it is for
 * runs that would execute the same anyway: of the same bundle, with the same config, variables and
 * secrets. For one thread.
 */
public final class Compilation {
  private static final Logger log = LoggerFactory.getLogger(Compilation.class);

  /** Bytes; a project's sources are compiled to less, and the rest of a cache is worth more. */
  private static final long MOST = 64L << 20;

  /** Those that are kept, one for each place. Thread-safe. */
  static final class Shelf {
    static final String KIND = "compiled";

    private final Cache cache;

    /** By place. Not on disk: who can read it there could guess the secrets that went into it. */
    private final ConcurrentMap<String, Kept> kept = new ConcurrentHashMap<>();

    /**
     * @param code of what it was compiled
     * @param digest of what was compiled; specs run as the worker's user and may write to it
     */
    private record Kept(String code, String digest) {}

    /** An empty one: what an earlier worker kept, this one knows nothing of. */
    Shelf(Cache cache) throws IOException {
      this.cache = cache;
      cache.clear(KIND);
    }

    /**
     * Brings what an earlier run left, if there is any.
     *
     * @param place where the project lies
     * @param folder where it is brought to; does not exist yet
     */
    Compilation compilation(Assignment like, Path place, Path folder) {
      String at = Digests.sha256(place.toString());
      Compilation compilation = new Compilation(this, at, code(like), folder);
      Kept earlier = kept.remove(at);
      boolean usable = false;
      try {
        usable =
            cache.take(KIND, at, folder)
                && earlier != null
                && earlier.code().equals(compilation.code)
                && earlier.digest().equals(compilation.digest());
      } catch (IOException e) {
        log.debug("what was compiled before cannot be had: {}", e.toString());
      }
      if (!usable) {
        compilation.hasEnded();
      }
      return compilation;
    }

    private static String code(Assignment like) {
      StringBuilder all = new StringBuilder();
      for (String part :
          List.of(
              like.bundleSha256(),
              like.projectDir(),
              like.configFile(),
              like.projectName(),
              Boolean.toString(like.stock()))) {
        all.append(part).append('\0');
      }
      append(all, like.environment());
      append(all, like.secrets());
      return Digests.sha256(all.toString());
    }

    private static void append(StringBuilder all, Map<String, String> variables) {
      all.append(variables.size()).append('\0');
      new TreeMap<>(variables)
          .forEach((name, value) -> all.append(name).append('\0').append(value).append('\0'));
    }
  }

  private final Shelf shelf;
  private final String at;
  private final String code;
  private final Path folder;
  private @Nullable Instant read;

  private Compilation(Shelf shelf, String at, String code, Path folder) {
    this.shelf = shelf;
    this.at = at;
    this.code = code;
    this.folder = folder;
  }

  /** Variables that lead Playwright and Node there. */
  public Map<String, String> environment() {
    return Map.of(
        "PWTEST_CACHE_DIR", playwright().toString(),
        "NODE_COMPILE_CACHE", folder.resolve("node").toString());
  }

  private Path playwright() {
    return folder.resolve("playwright");
  }

  /** A process has read the project: what it compiled so far is whole. */
  public void hasRead() {
    read = Instant.now();
  }

  /**
   * The process and all that it started have ended. What it compiled since it had read the project
   * goes, and all where it had not: it may be half a file, which the next one would take for whole.
   */
  public void hasEnded() {
    Instant whole = read;
    read = null;
    try {
      if (whole == null) {
        Folders.remove(folder);
      } else if (isFolder(playwright())) { // Node writes its files in one go
        removeLater(whole);
      }
    } catch (IOException e) {
      log.warn("{} could not be tidied: {}", folder, e.getMessage());
    }
  }

  private void removeLater(Instant whole) throws IOException {
    try (Stream<Path> all = Files.walk(playwright())) {
      for (Path file : all.filter(path -> !isFolder(path)).toList()) {
        if (Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant().isAfter(whole)) {
          Files.delete(file);
        }
      }
    }
  }

  /** Keeps it; no process writes to it any more. */
  public void keep() {
    try {
      if (isFolder(folder) && Folders.size(folder) <= MOST) {
        String digest = digest();
        shelf.cache.give(Shelf.KIND, at, folder);
        shelf.kept.put(at, new Shelf.Kept(code, digest));
      }
    } catch (IOException e) {
      log.debug("{} is not kept: {}", folder, e.toString());
    }
  }

  private static boolean isFolder(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Of the names and bytes of all files.
   *
   * @throws IOException also where there are links or the like
   */
  private String digest() throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.toList()) {
        BasicFileAttributes attributes =
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isRegularFile()) {
          files.put(Objects.toString(folder.relativize(path)), Digests.sha256(path));
        } else if (!attributes.isDirectory()) {
          throw new IOException(path + " is no file");
        }
      }
    }
    return Digests.sha256(files.toString());
  }
}
