package dev.qgjob.scheduler.secret;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/** The file with the key: 32 random bytes in Base64, readable by its owner alone. */
final class KeyFile {
  private static final int BYTES = 32;

  private KeyFile() {}

  /**
   * Its key; makes it where it is missing. Of two that make it at once one wins, and both have its
   * key.
   *
   * @throws UncheckedIOException if it can be neither read nor made
   * @throws IllegalStateException if what it holds is no key
   */
  static byte[] key(Path file) {
    try {
      if (!Files.exists(file)) {
        make(file);
      }
      return decoded(file, Files.readString(file).strip());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the key of secrets, " + file, e);
    }
  }

  /** Written beside it and linked into its place: whoever sees it sees all of it. */
  private static void make(Path file) throws IOException {
    Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
    Path draft = Files.createTempFile(folder, ".secrets", ".key", ownerAlone());
    try {
      byte[] key = new byte[BYTES];
      new SecureRandom().nextBytes(key);
      Files.writeString(
          draft, Base64.getEncoder().encodeToString(key) + "\n", StandardOpenOption.SYNC);
      Files.createLink(file, draft);
    } catch (FileAlreadyExistsException e) {
      return; // somebody else was faster: theirs is the key
    } finally {
      Files.delete(draft);
    }
  }

  private static FileAttribute<?>[] ownerAlone() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static byte[] decoded(Path file, String text) {
    try {
      byte[] key = Base64.getDecoder().decode(text);
      if (key.length == BYTES) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new IllegalStateException(
        file + " holds no key: it should be " + BYTES + " random bytes in Base64");
  }
}
