package dev.qgjob.worker.process;

/** Hears a child's lines, from the thread that reads them. */
public interface ProcessListener {
  /** A line of standard output or standard error. */
  default void onLine(String line) {}

  /** A line that the child's reporter wrote on descriptor 3. */
  default void onReport(String json) {}

  /** The child and all it had started are gone. Called once, last. */
  default void onExit(Exit exit) {}
}
