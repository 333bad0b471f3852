package dev.qgjob.domain.placement;

import dev.qgjob.domain.job.Job;

/** What placement wants done with a waiting job. */
public sealed interface Decision {
  Job job();

  /** Send it on the target's shared queue. */
  record Share(Job job) implements Decision {}

  /** Send it to one slot. */
  record HandOff(Job job, String workerId, String slotId) implements Decision {}

  /** It waits where it cannot start: send its next generation to this slot. */
  record Redirect(Job job, String workerId, String slotId) implements Decision {}
}
