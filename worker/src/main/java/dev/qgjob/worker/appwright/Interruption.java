package dev.qgjob.worker.appwright;

import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Cancellation;
import java.util.List;

/**
 * Interrupts the thread that made it when every job of a group is cancelled, as long as it is not
 * over: fetching and installing packages then end at once.
 */
final class Interruption implements AutoCloseable {
  private final Thread thread = Thread.currentThread();
  private final Cancellation cancellation;
  private final List<Assignment> group;
  private boolean over;
  private boolean interrupted;

  Interruption(Cancellation cancellation, List<Assignment> group) {
    this.cancellation = cancellation;
    this.group = group;
    cancellation.watch(this::look);
    look();
  }

  private synchronized void look() {
    boolean all = group.stream().allMatch(job -> cancellation.reason(job.jobId()).isPresent());
    if (all && !over) {
      over = true;
      interrupted = true;
      thread.interrupt();
    }
  }

  /** From here on a cancel is somebody else's matter. Takes back an interrupt that came late. */
  synchronized void over() {
    over = true;
    if (interrupted) {
      interrupted = false;
      Thread.interrupted();
    }
  }

  /** A step that failed by itself may not have heard of the interrupt. */
  @Override
  public void close() {
    over();
  }
}
