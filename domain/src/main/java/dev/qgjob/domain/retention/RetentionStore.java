package dev.qgjob.domain.retention;

import java.time.Duration;
import java.util.List;

/**
 * Outbound: what has grown old, by the store's clock. Each call runs in the caller's transaction
 * and leaves to others what others are at. Whoever takes a row away that names bytes notes them as
 * idle.
 */
public interface RetentionStore {
  /**
   * Takes away jobs, with all that is known of them, of the oldest run that was submitted so long
   * ago and has ended; and the run with the last of them.
   *
   * @param most jobs at a time
   * @return whether there was such a run
   */
  boolean removeJobs(Duration age, int most);

  /**
   * Takes uploads from their orgs that nothing was submitted with for so long. An org that has a
   * run of that age still, which may need them, keeps all.
   *
   * @param most uploads at a time
   * @return how many
   */
  int disown(Duration age, int most);

  /** Bytes that were noted as idle so long ago, oldest note first. */
  List<String> idle(Duration age, int most);

  /** Whether an upload or a file of an attempt names these bytes. */
  boolean named(String sha256);

  /** They are gone, or not idle. */
  void forget(String sha256);

  /** They are looked at again later, as if they were noted now. */
  void noteAgain(String sha256);
}
