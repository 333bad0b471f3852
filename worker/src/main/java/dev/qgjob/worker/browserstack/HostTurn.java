package dev.qgjob.worker.browserstack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker of this host at a time: a lock of the operating system, which goes with the process
 * that holds it. Where it cannot be had for another reason than that somebody has it, there is
 * none: the plan alone decides then. Used by one thread at a time.
 */
final class HostTurn implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HostTurn.class);

  private final Path file;
  private @Nullable FileChannel held;

  HostTurn(Path file) {
    this.file = file;
  }

  /** True when it is this worker's turn; false when another one has it. */
  boolean take() {
    if (held != null) {
      return true;
    }
    try {
      Path folder = file.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = lock(channel);
      if (lock == null) {
        channel.close();
        return false;
      }
      held = channel;
    } catch (IOException e) {
      log.warn("no turns among the workers of this host: {}: {}", file, e.getMessage());
    }
    return true;
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // another worker in this very process
    }
  }

  @Override
  public void close() {
    FileChannel channel = held;
    held = null;
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        log.debug("{} ends with this process at the latest", file);
      }
    }
  }
}
