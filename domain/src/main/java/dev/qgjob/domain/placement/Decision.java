package dev.qgjob.domain.placement;

import dev.qgjob.domain.job.Job;
import java.util.Set;

/** What placement wants done with a waiting job. */
public sealed interface Decision {
  Job job();

  /** The worker that it goes to; empty where the broker chooses. */
  Set<String> worker();

  /** Send it on the target's shared queue. */
  record Share(Job job) implements Decision {
    @Override
    public Set<String> worker() {
      return Set.of();
    }
  }

  /** Send it to one slot. */
  record HandOff(Job job, String workerId, String slotId) implements Decision {
    @Override
    public Set<String> worker() {
      return Set.of(workerId);
    }
  }

  /** It waits where it cannot start: send its next generation to this slot. */
  record Redirect(Job job, String workerId, String slotId) implements Decision {
    @Override
    public Set<String> worker() {
      return Set.of(workerId);
    }
  }
}
