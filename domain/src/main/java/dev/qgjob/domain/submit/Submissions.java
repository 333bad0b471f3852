package dev.qgjob.domain.submit;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.report.JobReport;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.report.RunReport;
import java.util.Optional;

/** Inbound: submitting and cancelling. Thread-safe; each call is one transaction. */
public interface Submissions {
  Submitted submit(Caller caller, Submission submission);

  /** Cancels what is open of a run; empty for a foreign or unknown id. */
  Optional<RunReport> cancelRun(Caller caller, String runId);

  /** Notes that somebody waits for this run; false for a foreign or unknown id. */
  boolean waited(Caller caller, String runId);

  /** Cancels the runs that are for nobody any more; the count of jobs. */
  int cancelAbandoned();

  /** Cancels a job unless it has its verdict; empty for a foreign or unknown id. */
  Optional<JobReport> cancelJob(Caller caller, String jobId);

  /** What the newest run of an app version used, for a submission that names only a test. */
  Optional<Run> newestRun(Caller caller, String appVersionId);

  /** What came of a submission. */
  sealed interface Submitted {
    record Accepted(RunReport run) implements Submitted {}

    /** The same key and body came before: the same answer. */
    record Repeated(RunReport run) implements Submitted {}

    /** The same key came before with another body. */
    record KeyReused(String key) implements Submitted {}

    /** The org named is not the token's. */
    record WrongOrg(String named) implements Submitted {}

    /** A field is missing or wrong. */
    record Invalid(String field, String problem, String action) implements Submitted {}
  }
}
