package dev.qgjob.domain.report;

/** What became of one test. */
public enum TestStatus {
  PASSED,
  FAILED,
  TIMED_OUT,
  SKIPPED,
  INTERRUPTED
}
