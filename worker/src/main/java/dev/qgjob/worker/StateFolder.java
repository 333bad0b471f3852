package dev.qgjob.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.qgjob.client.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a worker keeps between its starts: credentials, the secret that proves it is the same
 * worker, caches, and notes about slots and processes. One process at a time may use it. Secrets
 * are readable by its owner alone.
 */
final class StateFolder implements AutoCloseable {
  private static final String CREDENTIALS = "credentials.json";
  private static final String PROOF = "state-proof";

  private final Path folder;
  private final FileChannel channel;
  private final FileLock lock;

  private StateFolder(Path folder, FileChannel channel, FileLock lock) {
    this.folder = folder;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Opens the folder, which is made where it is missing, and locks it for this process.
   *
   * @throws Unusable with one line for people
   */
  static StateFolder open(Path wanted) {
    Path folder = wanted.toAbsolutePath().normalize();
    try {
      Files.createDirectories(folder);
      ownerOnly(folder, "rwx------");
      FileChannel channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new Unusable(
            "another worker uses "
                + folder
                + "; stop it, or give this one a folder of its own with --state");
      }
      return new StateFolder(folder.toRealPath(), channel, lock);
    } catch (IOException e) {
      throw new Unusable("the state folder " + folder + " cannot be used: " + e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  Path path() {
    return folder;
  }

  /** The credentials that an enrolment left here. */
  Optional<Credentials> credentials() {
    Path file = folder.resolve(CREDENTIALS);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.mapper().readValue(Files.readString(file), Credentials.class));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new Unusable(file + " cannot be read; enrol the worker again");
    } catch (IOException e) {
      throw new Unusable(file + " cannot be read: " + e);
    }
  }

  void save(Credentials credentials) {
    try {
      write(CREDENTIALS, Json.mapper().writeValueAsString(credentials));
    } catch (IOException e) {
      throw new Unusable("the credentials cannot be kept in " + folder + ": " + e);
    }
  }

  /** The secret that proves a later start to be the same worker; made once. */
  String proof() {
    Path file = folder.resolve(PROOF);
    try {
      if (!Files.exists(file)) {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        write(PROOF, HexFormat.of().formatHex(secret));
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new Unusable(file + " cannot be used: " + e);
    }
  }

  /** Numbers for the registrations that this folder asks for. */
  Registrations registrations() {
    return new Registrations(folder.resolve("registration"), InstantSource.system());
  }

  private void write(String name, String content) throws IOException {
    Path part = Files.createTempFile(folder, name, ".part");
    ownerOnly(part, "rw-------");
    Files.write(part, content.getBytes(StandardCharsets.UTF_8));
    Files.move(
        part,
        folder.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static void ownerOnly(Path path, String permissions) throws IOException {
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
  }

  /** Lets another process use the folder. */
  @Override
  public void close() {
    try (channel) {
      lock.release();
    } catch (IOException e) {
      throw new Unusable("the state folder " + folder + " cannot be left: " + e);
    }
  }
}
