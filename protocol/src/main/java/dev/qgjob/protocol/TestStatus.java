package dev.qgjob.protocol;

/** What became of one test of a spec. On the wire in lower case, with hyphens. */
public enum TestStatus {
  /** ran and met its expectations */
  PASSED,
  /** an expectation was not met */
  FAILED,
  /** did not end within its own time */
  TIMED_OUT,
  /** never executed */
  SKIPPED,
  /** cut off by the end of the run */
  INTERRUPTED;

  @Override
  public String toString() {
    return Wire.name(this);
  }
}
