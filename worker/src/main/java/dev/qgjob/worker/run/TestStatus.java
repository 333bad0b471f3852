package dev.qgjob.worker.run;

/** How a single test of a spec ended. */
public enum TestStatus {
  PASSED,
  FAILED,
  TIMED_OUT,
  INTERRUPTED,
  SKIPPED
}
