package dev.qgjob.scheduler.event;

import dev.qgjob.domain.event.JobChanged;
import java.util.List;

/** Told what changed, after its commit. Neither blocks nor throws. */
public interface Announcer {
  void announce(List<JobChanged> changes);
}
