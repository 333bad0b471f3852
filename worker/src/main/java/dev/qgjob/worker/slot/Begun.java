package dev.qgjob.worker.slot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which jobs this process is at, kept where the next process finds it: when a process dies, only
 * one of these can have killed it, and the jobs that merely waited in the same batch are not
 * suspected. A file per job, made and removed in one step each; a host that loses its power may
 * forget one, and then nothing is counted against that job. Thread-safe.
 */
public final class Begun {
  private static final Logger log = LoggerFactory.getLogger(Begun.class);

  private final Path folder;
  private final Set<String> before;

  /**
   * @param folder made if it is not there
   * @throws UncheckedIOException where it cannot be read
   */
  public Begun(Path folder) {
    this.folder = folder;
    this.before = new HashSet<>();
    try {
      Files.createDirectories(folder);
      try (Stream<Path> files = Files.list(folder)) {
        files.forEach(file -> before.add(file.getFileName().toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the folder " + folder + " cannot be used", e);
    }
  }

  /** Ids of the jobs that an earlier process was at when it ended, until a server has heard. */
  public synchronized Set<String> before() {
    return Set.copyOf(before);
  }

  /** A server knows them now. */
  public synchronized void told() {
    before.forEach(this::remove);
    before.clear();
  }

  synchronized void add(String jobId) {
    try {
      Files.createFile(folder.resolve(jobId));
    } catch (FileAlreadyExistsException e) {
      // noted already
    } catch (IOException e) {
      log.warn("job {}: it cannot be noted that it begins: {}", jobId, e.toString());
    }
  }

  synchronized void remove(String jobId) {
    try {
      Files.deleteIfExists(folder.resolve(jobId));
    } catch (IOException e) {
      log.warn("job {}: the note that it has begun stays: {}", jobId, e.toString());
    }
  }
}
