package dev.qgjob.scheduler.broker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One message as the broker gets it.
 *
 * @param queue its address, from {@link Queues}
 * @param group what pins it to one consumer, or null
 * @param type value of the header that tells what the body is
 * @param body JSON, ids only
 * @param priority JMS priority, 0 to 9
 * @param timeToLive after which the broker forgets it, or null where it is kept until consumed
 */
record Outgoing(
    String queue,
    @Nullable String group,
    String type,
    String body,
    int priority,
    @Nullable Duration timeToLive) {
  Outgoing {
    if (priority < 0 || priority > 9) {
      throw new IllegalArgumentException("JMS priority must be 0 to 9, not " + priority);
    }
    if (timeToLive != null && timeToLive.toMillis() <= 0) {
      throw new IllegalArgumentException("time to live must be positive, not " + timeToLive);
    }
  }
}
