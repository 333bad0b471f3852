package dev.qgjob.cli.bundle;

import dev.qgjob.cli.Failure;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A packed project: a tar.gz in a temporary file, deleted on close. The same tree gives the same
 * bytes: entries are sorted, and carry no times, owners, or modes beyond "executable".
 */
public final class Bundle implements AutoCloseable {
  private static final long MEGABYTE = 1_000_000;
  private static final int NAMED = 3;

  private final Path file;
  private final String sha256;

  private Bundle(Path file, String sha256) {
    this.file = file;
    this.sha256 = sha256;
  }

  /** The archive. */
  public Path file() {
    return file;
  }

  /** The archive's SHA-256. */
  public String sha256() {
    return sha256;
  }

  /**
   * Packs a tree.
   *
   * @param limit most bytes that the tree's files may have together
   */
  public static Bundle pack(ProjectTree tree, long limit) throws IOException {
    if (tree.size() > limit) {
      throw tooLarge(tree, limit);
    }
    Path file = Files.createTempFile("qgjob-bundle", ".tar.gz");
    try {
      MessageDigest digest = Sha256.digest();
      try (OutputStream out = Files.newOutputStream(file);
          OutputStream digesting = new DigestOutputStream(new BufferedOutputStream(out), digest);
          TarArchiveOutputStream tar =
              new TarArchiveOutputStream(
                  new GZIPOutputStream(digesting, 1 << 16), StandardCharsets.UTF_8.name())) {
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setAddPaxHeadersForNonAsciiNames(true);
        for (Map.Entry<String, Path> entry : tree.entries().entrySet()) {
          add(tar, entry.getKey(), entry.getValue());
        }
      }
      return new Bundle(file, Sha256.hex(digest));
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  private static void add(TarArchiveOutputStream tar, String name, Path file) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(Files.size(file));
    entry.setMode(Files.isExecutable(file) ? 0100755 : 0100644);
    entry.setModTime(0L);
    entry.setIds(0, 0);
    entry.setNames("", "");
    tar.putArchiveEntry(entry);
    try {
      Files.copy(file, tar);
      tar.closeArchiveEntry();
    } catch (IOException e) {
      throw Failure.general(name + " cannot be packed, or changed while it was", e);
    }
  }

  private static Failure tooLarge(ProjectTree tree, long limit) throws IOException {
    String largest =
        tree.entries().entrySet().stream()
            .sorted(Comparator.comparing(entry -> -entry.getValue().toFile().length()))
            .limit(NAMED)
            .map(entry -> entry.getKey() + " " + size(entry.getValue().toFile().length()))
            .collect(Collectors.joining(", "));
    return Failure.usage(
        "the project has %s, and a bundle may have %s: have git ignore what the tests do not need (largest: %s), or raise --bundle-limit"
            .formatted(size(tree.size()), size(limit), largest));
  }

  /** A size for people. */
  public static String size(long bytes) {
    if (bytes < MEGABYTE) {
      return (bytes + 999) / 1000 + " kB";
    }
    return "%d.%d MB".formatted(bytes / MEGABYTE, bytes % MEGABYTE / (MEGABYTE / 10));
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
