package dev.qgjob.worker.discovery;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Which worker of this host has which phone. A lock of the operating system, so that it goes with
 * the process that holds it, however that ends. Used by one thread.
 */
final class PhoneLocks implements AutoCloseable {
  private final Path folder;
  private final Map<String, FileChannel> held = new HashMap<>();

  /** Locks in {@code folder}, which all workers of the host share. */
  PhoneLocks(Path folder) {
    this.folder = folder;
  }

  /** Takes the phone, or has it already; false when another worker has it. */
  boolean take(String serial) throws IOException {
    if (held.containsKey(serial)) {
      return true;
    }
    Files.createDirectories(folder);
    FileChannel channel =
        FileChannel.open(file(serial), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        held.put(serial, channel);
        return true;
      }
    } catch (OverlappingFileLockException e) {
      // another worker in this very process
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return false;
  }

  /** Leaves the phone to others. */
  void release(String serial) {
    FileChannel channel = held.remove(serial);
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // it ends with this process at the latest
      }
    }
  }

  private Path file(String serial) {
    return folder.resolve(
        serial.matches("[A-Za-z0-9._-]{1,100}")
            ? serial + ".lock"
            : HexFormat.of().formatHex(serial.getBytes(StandardCharsets.UTF_8)) + ".lock");
  }

  @Override
  public void close() {
    for (String serial : List.copyOf(held.keySet())) {
      release(serial);
    }
  }
}
