package dev.qgjob.domain.retention;

import dev.qgjob.domain.artefact.BlobStore;
import java.time.Duration;

/**
 * Takes away what is older than it is to be kept: runs that have ended, then uploads, then bytes
 * that nothing names. Each call is one step in one transaction and returns whether another one may
 * find more. Any number of servers may be at it.
 *
 * <p>Runs first: an upload is in use as long as a run names it. Bytes wait for a day after the last
 * name: a server may remember for an hour that an org has them, and what is sent anew meanwhile
 * must not go.
 */
public final class Retention {
  /** From the last name to the end of the bytes. */
  public static final Duration GRACE = Duration.ofDays(1);

  private static final int MOST_JOBS = 200;
  private static final int MOST_BLOBS = 100;

  private final RetentionStore store;
  private final BlobStore blobs;
  private final Duration keep;

  /**
   * @param keep from the submission of a run, or the last one with an upload; zero: for ever
   */
  public Retention(RetentionStore store, BlobStore blobs, Duration keep) {
    this.store = store;
    this.blobs = blobs;
    this.keep = keep;
  }

  /** Some jobs of one old run. */
  public boolean runs() {
    return !keep.isZero() && store.removeJobs(keep, MOST_JOBS);
  }

  /** Some old uploads. */
  public boolean uploads() {
    // an upload's last use is noted once a day
    return !keep.isZero() && store.disown(keep.plus(GRACE), MOST_BLOBS) == MOST_BLOBS;
  }

  /** Some bytes. */
  public boolean bytes() {
    var idle = store.idle(GRACE, MOST_BLOBS);
    for (String sha256 : idle) {
      if (store.named(sha256) || blobs.remove(sha256, GRACE)) {
        store.forget(sha256);
      } else {
        store.noteAgain(sha256);
      }
    }
    return idle.size() == MOST_BLOBS;
  }
}
