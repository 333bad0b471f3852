package dev.qgjob.worker.appwright;

import dev.qgjob.worker.process.Starts;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The start of a Playwright process, in two steps: it reads the project's config while the app is
 * being installed, and waits at a gate until that is done. While it waits, another process has its
 * turn to start. Thread-safe.
 */
final class Start {
  private final Starts starts;
  private final Path gate;
  private Starts.@Nullable Turn turn;
  private boolean open;

  /**
   * Waits for a turn.
   *
   * @param gate a file that is not there; the process goes on when it is
   */
  Start(Starts starts, Path gate) throws InterruptedException {
    this.starts = starts;
    this.gate = gate;
    this.turn = starts.turn();
  }

  /** What the process looks for. */
  Path gate() {
    return gate;
  }

  /** The process has come to the gate. */
  synchronized void atGate() {
    if (!open) {
      over();
    }
  }

  /** Lets the process go on, when it has a turn for what is left of its start. */
  void open() throws InterruptedException, IOException {
    synchronized (this) {
      open = turn != null;
    }
    if (!open) {
      Starts.Turn next = starts.turn();
      synchronized (this) {
        turn = next;
        open = true;
      }
    }
    try {
      Files.createDirectories(Objects.requireNonNull(gate.toAbsolutePath().getParent()));
      Files.createFile(gate);
    } catch (FileAlreadyExistsException e) {
      // the process opened it itself, and has gone on
    }
  }

  /** It has started, or will not: the next one may. */
  synchronized void over() {
    if (turn != null) {
      turn.close();
      turn = null;
    }
  }
}
