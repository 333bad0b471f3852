package dev.qgjob.cli.connect;

import dev.qgjob.cli.Failure;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** What {@code qgjob login} keeps: one server, its token, and the token's org. */
record Credentials(String server, String token, @Nullable String org) {

  /** {@code $XDG_CONFIG_HOME/qgjob/credentials}, else below {@code ~/.config}. */
  static Path file(Map<String, String> env) {
    String config = env.get("XDG_CONFIG_HOME");
    Path folder =
        config != null && !config.isBlank()
            ? Path.of(config)
            : Path.of(env.getOrDefault("HOME", System.getProperty("user.home"))).resolve(".config");
    return folder.resolve("qgjob").resolve("credentials");
  }

  static Optional<Credentials> read(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Properties kept = new Properties();
    try {
      kept.load(new StringReader(Files.readString(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IllegalArgumentException e) {
      throw broken(file, e);
    }
    String server = kept.getProperty("server");
    String token = kept.getProperty("token");
    if (server == null || token == null) {
      throw broken(file, null);
    }
    return Optional.of(new Credentials(server, token, kept.getProperty("org")));
  }

  private static Failure broken(Path file, @Nullable Exception cause) {
    return Failure.general(file + " is not a credentials file; run qgjob login again", cause);
  }

  /** Replaces the file; nobody but its owner can read it at any moment. */
  void write(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    boolean posix = Files.getFileStore(folder).supportsFileAttributeView("posix");
    Path part =
        posix
            ? Files.createTempFile(
                folder,
                "credentials",
                ".part",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
            : Files.createTempFile(folder, "credentials", ".part");
    try {
      Files.writeString(
          part,
          "server="
              + server
              + "\ntoken="
              + token
              + "\n"
              + (org == null ? "" : "org=" + org + "\n"));
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
