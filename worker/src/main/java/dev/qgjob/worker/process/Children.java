package dev.qgjob.worker.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;

/** Starts children and notes them. Thread-safe. */
public final class Children {
  private final String node;
  private final Tools tools;
  private final Leftovers leftovers;

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

  /**
   * Starts a command.
   *
   * @throws IOException when Node cannot be started
   */
  public Child start(Command command, ProcessListener listener) throws IOException {
    return Child.start(command, node, tools, leftovers, UUID.randomUUID().toString(), listener);
  }
}
