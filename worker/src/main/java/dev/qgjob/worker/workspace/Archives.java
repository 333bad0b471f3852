package dev.qgjob.worker.workspace;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Unpacks what strangers packed.
 *
 * <p>Plain files and folders only. A link is refused whatever it points to: the one that is
 * harmless alone is the step through which the next entry leaves.
 */
public final class Archives {
  /** Unpacked size, number of entries and length of a path that an archive may have. */
  public record Limits(long bytes, int entries, int pathLength) {
    /** For the sources of a project, which come without their dependencies. */
    public static final Limits BUNDLE = new Limits(1L << 30, 100_000, 1000);
  }

  private Archives() {}

  /**
   * Unpacks a gzipped tar.
   *
   * @param into an empty folder
   * @throws UnsafeArchive naming the entry; what was written until then stays and is the caller's
   */
  public static void unpackTarGz(Path archive, Path into, Limits limits) throws IOException {
    Path root = into.toRealPath();
    long bytes = 0;
    int entries = 0;
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
        GzipCompressorInputStream gzip = new GzipCompressorInputStream(file, true);
        TarArchiveInputStream tar = new TarArchiveInputStream(gzip)) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (++entries > limits.entries()) {
          throw new UnsafeArchive("the archive has more than " + limits.entries() + " entries");
        }
        Path target = placeOf(entry, root, limits);
        if (entry.isDirectory()) {
          Files.createDirectories(target);
          continue;
        }
        Path parent = target.getParent();
        if (parent != null) {
          Files.createDirectories(parent);
          if (!parent.toRealPath().startsWith(root)) {
            throw new UnsafeArchive("entry " + entry.getName() + " leaves the archive's folder");
          }
        }
        bytes += copy(tar, target, limits.bytes() - bytes, entry);
        if ((entry.getMode() & 0100) != 0) {
          target.toFile().setExecutable(true, true);
        }
      }
    }
  }

  private static Path placeOf(TarArchiveEntry entry, Path root, Limits limits)
      throws UnsafeArchive {
    String name = entry.getName();
    if (entry.isSymbolicLink() || entry.isLink()) {
      throw new UnsafeArchive("entry " + name + " is a link; pack the file itself");
    }
    if (!entry.isFile() && !entry.isDirectory()
        || entry.isCharacterDevice()
        || entry.isBlockDevice()
        || entry.isFIFO()) {
      throw new UnsafeArchive("entry " + name + " is neither file nor folder");
    }
    if (name.length() > limits.pathLength()
        || name.indexOf('\0') >= 0
        || name.contains("\\")
        || name.startsWith("/")
        || name.matches("^[A-Za-z]:.*")) {
      throw new UnsafeArchive("entry " + name + " is no relative path");
    }
    for (String part : name.split("/", -1)) {
      if (part.equals("..")) {
        throw new UnsafeArchive("entry " + name + " leaves the archive's folder");
      }
    }
    Path target = root.resolve(name).normalize();
    if (!target.startsWith(root)) {
      throw new UnsafeArchive("entry " + name + " leaves the archive's folder");
    }
    if (!entry.isDirectory() && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new UnsafeArchive("entry " + name + " comes twice");
    }
    return target;
  }

  private static long copy(InputStream in, Path target, long most, TarArchiveEntry entry)
      throws IOException {
    long written = 0;
    byte[] buffer = new byte[64 * 1024];
    try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        written += n;
        if (written > most) {
          throw new UnsafeArchive(
              "the archive is too big: at " + entry.getName() + " it is over its limit");
        }
        out.write(buffer, 0, n);
      }
    }
    return written;
  }
}
