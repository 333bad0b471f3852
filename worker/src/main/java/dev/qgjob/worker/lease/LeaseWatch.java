package dev.qgjob.worker.lease;

import dev.qgjob.protocol.fleet.LeaseRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Knows how long each lease can be proven. Decides nothing else, does nothing, and is thread-safe.
 *
 * <p>The server counts a lease from when it handled a request; that was after the request was sent.
 * So a lease is reckoned here from <em>before</em> the sending, and always ends here no later than
 * there, whatever the two clocks say.
 */
public final class LeaseWatch {
  private final long lengthNanos;
  private final LongSupplier nanoTime;
  private final Map<LeaseRef, Long> provenFrom = new LinkedHashMap<>();

  /**
   * @param length how long a lease lives without a beat
   * @param nanoTime a monotonic clock such as {@link System#nanoTime}
   */
  public LeaseWatch(Duration length, LongSupplier nanoTime) {
    this.lengthNanos = length.toNanos();
    this.nanoTime = nanoTime;
  }

  /** A lease was granted to a request that was first sent at {@code askedAt}. */
  public synchronized void hold(LeaseRef lease, long askedAt) {
    provenFrom.put(lease, askedAt);
  }

  /**
   * The server said "go on" to a beat sent at {@code askedAt}. A lease that is not held (any more)
   * stays so: nothing is revived.
   */
  public synchronized void renewed(LeaseRef lease, long askedAt) {
    provenFrom.computeIfPresent(
        lease, (held, from) -> askedAt - from > 0 ? Long.valueOf(askedAt) : from);
  }

  /** Gives up a lease, because its job was reported or stopped. */
  public synchronized void release(LeaseRef lease) {
    provenFrom.remove(lease);
  }

  /** True while the lease is held and cannot have ended at the server. */
  public synchronized boolean proven(LeaseRef lease) {
    Long from = provenFrom.get(lease);
    return from != null && lives(from, nanoTime.getAsLong());
  }

  /** All leases that are held, oldest first: what the next beat renews. */
  public synchronized List<LeaseRef> held() {
    return List.copyOf(provenFrom.keySet());
  }

  /** Removes and returns the leases that can no longer be proven. */
  public synchronized List<LeaseRef> takeLost() {
    long now = nanoTime.getAsLong();
    List<LeaseRef> lost = new ArrayList<>();
    provenFrom.forEach(
        (lease, from) -> {
          if (!lives(from, now)) {
            lost.add(lease);
          }
        });
    lost.forEach(provenFrom::remove);
    return lost;
  }

  private boolean lives(long from, long now) {
    return now - from < lengthNanos;
  }
}
