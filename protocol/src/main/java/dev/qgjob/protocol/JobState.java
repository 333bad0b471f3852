package dev.qgjob.protocol;

/**
 * Where a job stands; those from {@link #PASSED} on are verdicts. On the wire in lower case, with
 * hyphens.
 */
public enum JobState {
  /** waits for a slot */
  QUEUED,
  /** a slot holds its lease */
  RUNNING,
  /** every executed test passed, and at least one was executed */
  PASSED,
  /** a test failed */
  FAILED,
  /** no verdict on the app could be had */
  ERROR,
  /** someone ended it */
  CANCELLED,
  /** its spec has none of the tests that {@code grep} asks for */
  SKIPPED;

  @Override
  public String toString() {
    return Wire.name(this);
  }
}
