package dev.qgjob.domain.report;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.submit.AppVersion;
import java.util.List;
import java.util.Optional;

/** Inbound: reading what became of the work. A foreign or unknown id is empty. Thread-safe. */
public interface Reports {
  Optional<RunReport> run(Caller caller, String runId);

  Optional<JobReport> job(Caller caller, String jobId);

  /** Newest first, at most {@code most}; their attempts are left out. */
  List<RunReport> runs(Caller caller, int most);

  Optional<AppVersion> app(Caller caller, String appVersionId);
}
