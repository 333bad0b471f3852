package dev.qgjob.domain.job;

/** Whose fault a failure is. */
public enum FailureKind {
  TEST,
  APP,
  TARGET,
  INFRASTRUCTURE,
  SUBMITTER;

  /** True where another try elsewhere may succeed though nothing was changed. */
  public boolean isTheInfrastructures() {
    return switch (this) {
      case TARGET, INFRASTRUCTURE -> true;
      case TEST, APP, SUBMITTER -> false;
    };
  }
}
