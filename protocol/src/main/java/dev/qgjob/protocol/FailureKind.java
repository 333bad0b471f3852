package dev.qgjob.protocol;

/**
 * Whose fault a failure is; retries and exit codes read it. On the wire in lower case, with
 * hyphens.
 */
public enum FailureKind {
  /** an assertion of the spec */
  TEST,
  /** the app under test, such as a crash */
  APP,
  /** the phone, emulator or session */
  TARGET,
  /** worker, server, network, Appium */
  INFRASTRUCTURE,
  /** what was submitted: a missing spec, an unreadable app */
  SUBMITTER;

  @Override
  public String toString() {
    return Wire.name(this);
  }
}
