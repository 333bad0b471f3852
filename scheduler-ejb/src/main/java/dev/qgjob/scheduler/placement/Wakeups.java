package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Bus;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What is done when a transaction has been committed. No call blocks or throws. */
public interface Wakeups {
  /** Work of these targets changed. */
  void changed(Set<Target> targets);

  /** There will be something to decide on this target after so long. */
  void due(Target target, Duration after);

  /** Workers are to stop these. */
  void stopped(List<Bus.Dispatch> stops);
}
