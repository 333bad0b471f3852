package dev.qgjob.worker.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/**
 * Starts children and notes them. While it lives, it gives each a sign of life: a child that hears
 * none for long ends itself, because whoever should end it is frozen. Thread-safe.
 */
public final class Children {
  private final String node;
  private final Tools tools;
  private final Leftovers leftovers;
  private final Starts starts =
      new Starts(Runtime.getRuntime().availableProcessors(), Duration.ofSeconds(20));
  private final Pulse pulse = new Pulse(Duration.ofMinutes(1));

  /**
   * @param node the Node program, a name to be found on the PATH or a path
   * @param stateDir the worker's own folder
   */
  public Children(String node, Path stateDir) throws IOException {
    this.node = node;
    this.tools = Tools.writeTo(stateDir);
    this.leftovers = new Leftovers(stateDir);
  }

  /** The Node program. */
  public String node() {
    return node;
  }

  /** The scripts on disk. */
  public Tools tools() {
    return tools;
  }

  /** Whose turn it is to start what is heavy. */
  public Starts starts() {
    return starts;
  }

  /** Children started from now on end when this process was silent for so long. */
  public void silenceEndsAfter(Duration time) {
    pulse.patience(time);
  }

  /**
   * Starts a command.
   *
   * @throws IOException when Node cannot be started
   */
  public Child start(Command command, ProcessListener listener) throws IOException {
    Child child =
        Child.start(
            command,
            node,
            tools,
            leftovers,
            UUID.randomUUID().toString(),
            pulse.patience(),
            listener);
    pulse.keep(child);
    return child;
  }
}
