package dev.qgjob.domain.report;

/** What happens to the app's state between tests. */
public enum ResetPolicy {
  FULL,
  CLEAR_DATA,
  /** as CLEAR_DATA; a failed test is tried once more under FULL */
  CONFIRM,
  NONE
}
