package dev.qgjob.scheduler.broker;

import dev.qgjob.domain.placement.Bus;

/**
 * The hand-off queues: one for each registered worker, for as long as it is one. Thread-safe;
 * throws {@link Bus.Unavailable}.
 */
public interface WorkerQueues {
  /** The worker registers: its queue is there before it attaches. */
  void open(String workerId);

  /** The worker is gone for good: its queue goes, with what lies there. */
  void close(String workerId);
}
