package dev.qgjob.domain.placement;

import dev.qgjob.domain.job.Target;
import java.util.List;

/** Outbound: the broker. Thread-safe. */
public interface Bus {
  /** Sends all or, throwing {@link Unavailable}, maybe none: in doubt the caller sends again. */
  void send(List<Dispatch> batch);

  /** A message to go out. */
  sealed interface Dispatch {
    /** A job on its target's shared queue, grouped. */
    record Shared(Target target, String messageGroup, String jobId, long generation, int priority)
        implements Dispatch {}

    /** A job for one slot, on its worker's own queue. */
    record HandOff(String workerId, String slotId, String jobId, long generation, int priority)
        implements Dispatch {}

    /** Stop a job that runs, or waits, at a worker. */
    record Stop(String workerId, String jobId, long generation) implements Dispatch {}
  }

  /** The broker could not be reached, or did not confirm. */
  final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
