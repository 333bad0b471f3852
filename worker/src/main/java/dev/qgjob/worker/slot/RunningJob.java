package dev.qgjob.worker.slot;

import dev.qgjob.protocol.fleet.LeaseRef;
import dev.qgjob.protocol.lease.Grant;
import dev.qgjob.worker.run.Cancellation;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A granted job between its claim and the end of its report. Thread-safe. */
final class RunningJob {
  /** Why it was stopped, and in whose words. */
  record Stop(StopCause cause, String reason) {}

  private final Grant grant;
  private final LeaseRef lease;
  private final Cancellation cancellation;
  private final LiveLog live;
  private final AtomicReference<@Nullable Stop> stop = new AtomicReference<>();
  private volatile boolean over;
  private volatile boolean started;
  private volatile long movedAt;

  RunningJob(Grant grant, String token, Cancellation cancellation, LiveLog live) {
    this.grant = grant;
    this.live = live;
    this.lease = new LeaseRef(grant.jobId(), grant.generation(), token);
    this.cancellation = cancellation;
  }

  Grant grant() {
    return grant;
  }

  String jobId() {
    return grant.jobId();
  }

  LeaseRef lease() {
    return lease;
  }

  /**
   * Has its processes ended. The first cause stands, but for a lost lease, which outweighs all;
   * true if this call stopped it.
   */
  boolean stop(StopCause cause, String reason) {
    if (over) {
      return false;
    }
    Stop wanted = new Stop(cause, reason);
    boolean first = stop.compareAndSet(null, wanted);
    if (!first && cause == StopCause.LEASE_LOST) {
      stop.set(wanted);
    }
    if (first && cause == StopCause.NO_PROGRESS) {
      cancellation.cancelHung(jobId(), reason);
    } else if (first) {
      cancellation.cancel(jobId(), reason);
    }
    return first;
  }

  /** Its spec runs, and was seen to move at {@code now} on the monotonic clock. */
  void moved(long now) {
    movedAt = now;
    started = true;
  }

  boolean started() {
    return started;
  }

  /** Whether its spec runs and has not been seen to move for so long. */
  boolean silentFor(Duration time, long now) {
    return started && !over && now - movedAt >= time.toNanos();
  }

  /** Where its lines go while it runs. */
  LiveLog live() {
    return live;
  }

  /** Its run has ended; what is left is to report it. */
  void over() {
    over = true;
    live.end();
  }

  Optional<Stop> stopped() {
    return Optional.ofNullable(stop.get());
  }
}
