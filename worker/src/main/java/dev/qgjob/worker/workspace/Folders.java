package dev.qgjob.worker.workspace;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Copies and removes trees; never follows a link. */
public final class Folders {
  private Folders() {}

  /**
   * Removes the tree, if it is there, whatever its folders permit. Links in it are removed, what
   * they point to stays.
   */
  public static void remove(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean unused = open(folder);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            boolean closed = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) && !readable(file);
            if (closed && open(file) && readable(file)) {
              remove(file);
              return FileVisitResult.CONTINUE;
            }
            if (isLong(file)) {
              Path nearer = Files.createTempDirectory(tree, "deep");
              Files.move(Objects.requireNonNull(file.getParent()), nearer.resolve("tree"));
              remove(nearer);
              return FileVisitResult.SKIP_SIBLINGS;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Where it may be its length alone that keeps it from being looked at: 4,095 bytes, or 1,023. */
  private static boolean isLong(Path path) {
    return path.toString().length() > 900;
  }

  private static boolean open(Path folder) {
    File file = folder.toFile();
    return file.setReadable(true) & file.setWritable(true) & file.setExecutable(true);
  }

  private static boolean readable(Path folder) {
    return Files.isReadable(folder) && Files.isExecutable(folder);
  }

  /** Bytes of the tree's files. */
  static long size(Path tree) throws IOException {
    long[] size = {0};
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            size[0] += attributes.size();
            return FileVisitResult.CONTINUE;
          }
        });
    return size[0];
  }

  /**
   * Makes a folder that is not there yet: of this name, or where that is taken of the first free
   * one after it ({@code -2}, {@code -3}).
   */
  public static Path createFree(Path wanted) throws IOException {
    Files.createDirectories(wanted.toAbsolutePath().getParent());
    Path next = wanted;
    for (int number = 2; ; number++) {
      try {
        return Files.createDirectory(next);
      } catch (FileAlreadyExistsException e) {
        next = wanted.resolveSibling(wanted.getFileName() + "-" + number);
      }
    }
  }

  /** Copies files and folders; {@code node_modules} and links are left out. */
  public static void copySources(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            if (isNodeModules(folder)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(to.resolve(from.relativize(folder).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              copy(file, to.resolve(from.relativize(file).toString()));
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Copies a file; whoever gets the copy may write to it. */
  static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    requireSet(to, to.toFile().setWritable(true, true));
  }

  /** Takes from everybody the right to write to the tree's files. */
  static void protect(Path tree) throws IOException {
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              requireSet(file, file.toFile().setWritable(false, false));
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void requireSet(Path file, boolean set) throws IOException {
    if (!set) {
      throw new IOException("the permissions of " + file + " cannot be changed");
    }
  }

  /** Of what {@link #copySources} copies: which files there are, and what is in them. */
  static String digest(Path tree) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return isNodeModules(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              files.put(tree.relativize(file).toString(), Digests.sha256(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    StringBuilder all = new StringBuilder();
    files.forEach((name, digest) -> all.append(digest).append(' ').append(name).append('\0'));
    return Digests.sha256(all.toString());
  }

  static boolean isNodeModules(Path folder) {
    Path name = folder.getFileName();
    return name != null && name.toString().equals("node_modules");
  }
}
