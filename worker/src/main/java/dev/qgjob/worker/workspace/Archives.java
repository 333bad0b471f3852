package dev.qgjob.worker.workspace;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

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

  /** Of one entry, with what is said of it ahead of it. */
  private static final long MOST_OF_A_HEADER = 1L << 20;

  /** Bytes that file systems allow for one name. */
  private static final int LONGEST_NAME = 255;

  private Archives() {}

  /**
   * Unpacks a gzipped tar.
   *
   * @param into an empty folder
   * @throws UnsafeArchive naming what is wrong with it; what was written until then stays and is
   *     the caller's
   */
  public static void unpackTarGz(Path archive, Path into, Limits limits) throws IOException {
    Path root = into.toRealPath();
    long bytes = 0;
    int entries = 0;
    try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
        Metered plain = new Metered(unzipped(file));
        TarArchiveInputStream tar = new TarArchiveInputStream(plain)) {
      for (TarArchiveEntry entry = next(tar, plain); entry != null; entry = next(tar, plain)) {
        if (++entries > limits.entries()) {
          throw new UnsafeArchive("the archive has more than " + limits.entries() + " entries");
        }
        Path target = placeOf(entry, root, limits);
        if (entry.isDirectory()) {
          folder(target, entry);
          continue;
        }
        Path parent = target.getParent();
        if (parent != null) {
          folder(parent, entry);
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

  private static InputStream unzipped(InputStream file) throws UnsafeArchive {
    try {
      return new GzipCompressorInputStream(file, true);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar, Metered plain)
      throws IOException {
    plain.allow(MOST_OF_A_HEADER);
    try {
      return tar.getNextEntry();
    } catch (UnsafeArchive e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      throw unreadable(e);
    } finally {
      plain.allow(Long.MAX_VALUE);
    }
  }

  private static UnsafeArchive unreadable(Exception e) {
    return new UnsafeArchive("the archive cannot be read: " + e.getMessage());
  }

  private static void folder(Path folder, TarArchiveEntry entry) throws IOException {
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw new UnsafeArchive(
          "entry " + entry.getName() + " cannot be written: a file is where its folder would be");
    }
  }

  /** Names are read into memory before anybody sees their length: this ends one that is endless. */
  private static final class Metered extends FilterInputStream {
    private long left = Long.MAX_VALUE;

    Metered(InputStream in) {
      super(in);
    }

    void allow(long bytes) {
      left = bytes;
    }

    private void count(long bytes) throws UnsafeArchive {
      left -= Math.max(0, bytes);
      if (left < 0) {
        throw new UnsafeArchive("the archive has an entry whose name or header is too long");
      }
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      count(one < 0 ? 0 : 1);
      return one;
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
      int some = super.read(into, from, most);
      count(some);
      return some;
    }

    @Override
    public long skip(long most) throws IOException {
      long some = super.skip(most);
      count(some);
      return some;
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
    Path target = resolved(root, name);
    if (!target.startsWith(root)) {
      throw new UnsafeArchive("entry " + name + " leaves the archive's folder");
    }
    if (!entry.isDirectory() && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new UnsafeArchive("entry " + name + " comes twice");
    }
    return target;
  }

  private static Path resolved(Path root, String name) throws UnsafeArchive {
    for (String part : name.split("/", -1)) {
      if (part.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
        throw new UnsafeArchive("entry " + name + " has a name that is too long for a file");
      }
    }
    try {
      return root.resolve(name).normalize();
    } catch (InvalidPathException e) {
      throw new UnsafeArchive("entry " + name + " is no name for a file on the worker");
    }
  }

  private static long copy(InputStream in, Path target, long most, TarArchiveEntry entry)
      throws IOException {
    long written = 0;
    byte[] buffer = new byte[64 * 1024];
    try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
      for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
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

  private static int read(InputStream in, byte[] buffer) throws UnsafeArchive {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }
}
