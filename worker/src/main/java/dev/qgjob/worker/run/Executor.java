package dev.qgjob.worker.run;

import java.time.Duration;
import java.util.List;

/**
 * Runs jobs on one kind of target.
 *
 * <p>Thread-safe: batches of different slots run at the same time, those of one slot never do.
 */
public interface Executor extends AutoCloseable {
  /**
   * Runs the batch in its order and returns when every job of it has been reported to the listener,
   * exactly once each. Jobs that cannot share a process ({@link Assignment#runsWith}) still all
   * run, in processes of their own. Never throws for what a run can bring; an interrupt of the
   * calling thread cancels the whole batch.
   */
  void run(List<Assignment> batch, RunContext context, Listener listener);

  /**
   * Told before anything is run, and whenever it changes: a worker that is silent for this long has
   * lost its right to run. What an executor starts outside this process should end by itself when
   * it has heard nothing from this process for so long, since a process that is frozen cannot end
   * it. Does nothing unless overridden.
   */
  default void silenceEndsAfter(Duration time) {}

  /** Ends whatever still runs, with all children, and gives back what the executor holds. */
  @Override
  void close();
}
