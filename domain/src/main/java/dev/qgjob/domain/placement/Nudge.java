package dev.qgjob.domain.placement;

import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import java.time.Duration;

/**
 * Outbound: says that something changed. Called within a transaction, heeded after its commit,
 * never blocking: a nudge is a flag. It is local to one server; the timer is there in any case.
 */
public interface Nudge {
  void workChanged(Target target);

  /** So much later there will be something to decide on the target, though nothing happens then. */
  default void workDue(Target target, Duration after) {}

  /** A job moved on; whoever watches its run may want to know. */
  default void jobChanged(Job job) {}

  /** A job that runs at this worker is to be stopped. The beat's answer repeats it. */
  void stop(String workerId, String jobId, long generation);
}
