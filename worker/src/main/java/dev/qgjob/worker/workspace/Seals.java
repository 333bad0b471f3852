package dev.qgjob.worker.workspace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Tells whether what lies in the cache is what was put there: specs run as the worker's user and
 * may write where they should not. Thread-safe.
 */
final class Seals {
  /** The tree of a folder that is sealed; its seal lies beside it. */
  static final String TREE = "tree";

  private static final String SEAL = "seal";

  /** A write changes it, and who writes cannot choose it. */
  private static final String STAMP = "unix:ctime,ino,size";

  private final ConcurrentMap<Path, Map<String, Object>> unchanged = new ConcurrentHashMap<>();

  /** Whether the file has this digest; it is read again only when it was written since. */
  boolean isIntact(Path file, String sha256) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    Map<String, Object> stamp = Files.readAttributes(file, STAMP, LinkOption.NOFOLLOW_LINKS);
    if (stamp.equals(unchanged.get(file))) {
      return true;
    }
    boolean intact = Digests.sha256(file).equals(sha256);
    if (intact) {
      unchanged.put(file, stamp);
    }
    return intact;
  }

  /**
   * Seals the sources of the folder's tree; packages, of which there are too many, are not read.
   */
  static void seal(Path folder) throws IOException {
    Files.writeString(folder.resolve(SEAL), Folders.digest(folder.resolve(TREE)));
  }

  /** Whether the sources are what they were when they were sealed. */
  static boolean isIntact(Path folder) throws IOException {
    return Files.isDirectory(folder.resolve(TREE), LinkOption.NOFOLLOW_LINKS)
        && Files.isRegularFile(folder.resolve(SEAL), LinkOption.NOFOLLOW_LINKS)
        && Files.readString(folder.resolve(SEAL)).equals(Folders.digest(folder.resolve(TREE)));
  }
}
