package dev.qgjob.worker.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A log file that stops growing, with the last lines at hand: of one that was cut they are put at
 * its end, where people look first. Thread-safe.
 */
public final class OutputLog implements AutoCloseable {
  /** Where a log is cut. */
  public static final long MOST_BYTES = 8L * 1024 * 1024;

  /** A stack trace of Node's and, ahead of it, what happened. */
  private static final int LAST_LINES = 80;

  private final Deque<String> last = new ArrayDeque<>();
  private final OutputStream out;
  private long written;
  private long beyond; // lines that had no room
  private boolean cut;

  /** Opens {@code file} anew, with its folders. */
  public OutputLog(Path file) throws IOException {
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    out = Files.newOutputStream(file);
  }

  /** Adds a line, given without its end. Past the limit only the last lines are kept. */
  public synchronized void add(String line) {
    if (last.size() == LAST_LINES) {
      last.removeFirst();
    }
    last.addLast(line.length() > 1000 ? line.substring(0, 1000) : line);
    if (cut) {
      beyond++;
      return;
    }
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      if (written + bytes.length > MOST_BYTES) {
        cut = true;
        beyond++;
        out.write("… cut here, the log is too long\n".getBytes(StandardCharsets.UTF_8));
      } else {
        out.write(bytes);
        written += bytes.length;
      }
    } catch (IOException e) {
      cut = true; // a full disk ends the log, not the run
    }
  }

  /** The last lines, oldest first. */
  public synchronized List<String> lastLines() {
    return List.copyOf(last);
  }

  /** The last line with something in it, or an empty text. */
  public synchronized String lastLine() {
    String found = "";
    for (String line : last) {
      if (!line.isBlank()) {
        found = line.strip();
      }
    }
    return found;
  }

  @Override
  public synchronized void close() {
    cut = true;
    try (out) {
      if (beyond > 0) {
        out.write(end().getBytes(StandardCharsets.UTF_8));
        beyond = 0;
      }
    } catch (IOException e) {
      // what is written is written
    }
  }

  /** The last lines of those that had no room. */
  private String end() {
    long left = Math.max(0, beyond - last.size());
    StringBuilder end = new StringBuilder();
    if (left > 0) {
      end.append("… ").append(left).append(" lines are left out; the last ones:\n");
    }
    last.stream()
        .skip(Math.max(0, last.size() - beyond))
        .forEach(line -> end.append(line).append('\n'));
    return end.toString();
  }
}
