package dev.qgjob.worker.workspace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Folders that are made once per key and then only read. An entry is whole or absent: it is made
 * beside its place and moved there. Thread-safe; two that want the same entry make it once.
 */
final class Cache {
  /** Fills a fresh folder. */
  interface Maker {
    void make(Path folder) throws IOException, NotReady, InterruptedException;
  }

  private final ConcurrentMap<String, Object> locks = new ConcurrentHashMap<>();
  private final Path root;

  Cache(Path root) throws IOException {
    this.root = Files.createDirectories(root.toAbsolutePath()).toRealPath();
    Path parts = this.root.resolve(".parts");
    Folders.remove(parts); // of a worker that was ended while it filled one
    Files.createDirectories(parts);
  }

  Path get(String key, Maker maker) throws IOException, NotReady, InterruptedException {
    Path place = root.resolve(key);
    synchronized (locks.computeIfAbsent(key, k -> new Object())) {
      if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
        return place;
      }
      Path part = Files.createTempDirectory(root.resolve(".parts"), "part");
      try {
        maker.make(part);
        Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
        return place;
      } finally {
        Folders.remove(part);
      }
    }
  }
}
