package dev.qgjob.domain.job;

/**
 * How fresh the app's state is when a job's tests begin, beyond what its run asks for: a test that
 * fails with cleared data and passes on a new install leaks state between tests.
 */
public enum Isolation {
  /** as the run asks */
  AS_ASKED,
  /** as the run asks; a failed test is tried once more on a new install */
  TO_CONFIRM,
  /** this is that try */
  CONFIRMING,
  /** always on a new install: its spec is known to leak state */
  LEAKS;

  /** True where the app is installed anew for every test, whatever the run asks for. */
  public boolean installsAnew() {
    return this == CONFIRMING || this == LEAKS;
  }
}
