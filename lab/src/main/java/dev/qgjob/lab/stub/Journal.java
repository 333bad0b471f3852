package dev.qgjob.lab.stub;

import dev.qgjob.client.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;

/**
 * What a stub worker did, a line of JSON each. A line is handed to the system before the call
 * returns, so that a kill loses none. Thread-safe.
 */
public final class Journal implements AutoCloseable {
  /** What a line tells. */
  public enum What {
    /** the job's script begins */
    START,
    /** it came to its own end */
    END,
    /** it was stopped */
    STOPPED
  }

  /**
   * One line.
   *
   * @param wallMs milliseconds since 1970 by the worker's own clock, which may be wrong
   * @param mono nanoseconds of the machine's monotonic clock, the same for all its processes
   * @param outcome how it ended, or why it was stopped; empty at a start
   */
  public record Line(
      long wallMs,
      long mono,
      String worker,
      long pid,
      String slot,
      What what,
      String jobId,
      int attempt,
      String testPath,
      String outcome) {}

  private final String worker;
  private final long pid = ProcessHandle.current().pid();
  private final InstantSource wall;
  private final OutputStream out;

  /** Adds to a file that an earlier process may have begun. */
  public Journal(Path file, String worker, InstantSource wall) throws IOException {
    this.worker = worker;
    this.wall = wall;
    Files.createDirectories(file.toAbsolutePath().getParent());
    this.out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  void note(What what, String slot, String jobId, int attempt, String testPath, String outcome) {
    Line line =
        new Line(
            wall.millis(),
            System.nanoTime(),
            worker,
            pid,
            slot,
            what,
            jobId,
            attempt,
            testPath,
            outcome);
    try {
      byte[] json = (Json.mapper().writeValueAsString(line) + "\n").getBytes("UTF-8");
      synchronized (this) {
        out.write(json);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the journal cannot be written", e);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
