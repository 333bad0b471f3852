package dev.qgjob.worker.run;

/**
 * Hears how a batch goes. Called from one thread at a time, in order; an implementation that blocks
 * holds up the batch's reporting, not its tests.
 */
public interface Listener {
  /** The job's spec is about to run: its timeout counts from here. Called at most once a job. */
  default void onStarted(String jobId) {}

  /** A line of the run's log, without its line end. */
  default void onLog(String jobId, String line) {}

  /** The job's run moves on in a way that leaves no line, such as a test that began or ended. */
  default void onProgress(String jobId) {}

  /**
   * The job is over. Called exactly once for every assignment of the batch, as it ends and before
   * {@link Executor#run} returns. The artefacts' files stay until the run context is closed.
   */
  void onFinished(String jobId, Outcome outcome);
}
