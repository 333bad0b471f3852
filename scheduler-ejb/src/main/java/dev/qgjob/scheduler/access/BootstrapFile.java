package dev.qgjob.scheduler.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The file that tells the first admin's token to whoever may read the server's files. */
final class BootstrapFile {
  private BootstrapFile() {}

  /** Writes it anew, readable by its owner alone from the first byte on. */
  static Path write(Path home, String token) {
    Path file = home.resolve("bootstrap-token");
    try {
      Files.createDirectories(home);
      Files.deleteIfExists(file);
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.writeString(file, token + "\n", StandardOpenOption.CREATE, StandardOpenOption.SYNC);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the first admin's token to " + file, e);
    }
  }
}
