package dev.qgjob.cli.show;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** One of the two must be named. */
public final class JobOrRun {
  @Option(names = "--job-id", paramLabel = "ID", description = "A job.")
  private @Nullable String jobId;

  @Option(names = "--run-id", paramLabel = "ID", description = "A run.")
  private @Nullable String runId;

  /** For the parser. */
  public JobOrRun() {}

  JobOrRun(@Nullable String jobId, @Nullable String runId) {
    this.jobId = jobId;
    this.runId = runId;
  }

  /** The job, or null. */
  public @Nullable String jobId() {
    return jobId;
  }

  /** The run, or null. */
  public @Nullable String runId() {
    return runId;
  }
}
