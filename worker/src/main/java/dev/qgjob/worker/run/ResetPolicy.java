package dev.qgjob.worker.run;

/** What happens to the app's state before each test of a job. */
public enum ResetPolicy {
  /** The app is uninstalled and installed again before each test, as stock AppWright does. */
  FULL,
  /** The app stays, its data is cleared: every test starts clean and nothing is installed twice. */
  CLEAR_DATA,
  /** The app stays and so does its data: state leaks from one test into the next. */
  NONE
}
