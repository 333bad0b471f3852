package dev.qgjob.worker.run;

/** Whose fault it is that a job did not pass. */
public enum FailureKind {
  TEST,
  APP,
  TARGET,
  INFRASTRUCTURE,
  SUBMITTER
}
