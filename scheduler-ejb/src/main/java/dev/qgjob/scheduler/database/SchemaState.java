package dev.qgjob.scheduler.database;

/**
 * Whether the tables are there as this version needs them. A server that starts while its database
 * is away comes up all the same, and makes them when it is back. Thread-safe.
 */
public interface SchemaState {
  /** True from then on. */
  boolean ready();

  /** Runs it once the tables are there: at once, or later on another thread. */
  void whenReady(Runnable work);
}
