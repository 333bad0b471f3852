package dev.qgjob.domain.report;

import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.submit.AppVersion;
import dev.qgjob.domain.submit.Build;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Outbound: reading many at a time. Calls run in the transaction of the desk's caller. */
public interface ReportStore {
  /** The store's clock. */
  Instant now();

  Optional<Run> run(String runId);

  /** Newest first; of one org, or of all where it is null. */
  List<Run> runs(@Nullable String orgId, int most);

  Optional<Job> job(String jobId);

  /** Jobs of these runs, by id. */
  List<Job> jobsOf(Collection<String> runIds);

  /** Attempts of these jobs by job id, in order, with their tests and files. */
  Map<String, List<Attempt>> attemptsOf(Collection<String> jobIds);

  Optional<AppVersion> app(String orgId, String appVersionId);

  /** An org's builds of whatever version, newest first. */
  List<Build> newestBuilds(String orgId, int most);

  /** Targets that have a slot with a beat within the lease. */
  Set<Target> liveTargets(Duration lease);

  /**
   * What the attempts of these runs came to, by run; a run of which none has ended is missing.
   * Where nothing was installed an install counts as what one of the build takes, else of the app
   * on that target, else {@link dev.qgjob.domain.placement.BoardStore#DEFAULT_SET_UP}.
   */
  Map<String, Savings> savings(Collection<String> runIds);

  /** The same of attempts that ended from a moment on, by day (UTC); of one org, or of all. */
  Map<LocalDate, Savings> daily(@Nullable String orgId, Instant from);

  /** How many queued jobs of its group go before this one. */
  int before(Job queued);

  /** The package of the app that a group's jobs need. */
  Optional<String> packageOf(GroupKey group);

  /** Slot id to the job that runs on it. */
  Map<String, String> runningOn();
}
