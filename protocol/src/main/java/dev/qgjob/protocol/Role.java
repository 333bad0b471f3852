package dev.qgjob.protocol;

/** What a token may do. On the wire in lower case, with hyphens. */
public enum Role {
  /** everything, for the whole installation */
  ADMIN,
  /** submit, read and cancel within its org */
  SUBMITTER,
  /** the same for strangers: without secrets, and only on slots that are marked for it */
  UNTRUSTED,
  /** read within its org */
  VIEWER,
  /** claim, beat and report for its own worker */
  WORKER;

  @Override
  public String toString() {
    return Wire.name(this);
  }
}
