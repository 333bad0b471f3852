package dev.qgjob.domain.report;

/** What happens to the app's state between tests. */
public enum ResetPolicy {
  FULL,
  CLEAR_DATA,
  NONE
}
