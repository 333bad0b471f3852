package dev.qgjob.domain.report;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.submit.AppVersion;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** Inbound: reading what became of the work. A foreign or unknown id is empty. Thread-safe. */
public interface Reports {
  Optional<RunReport> run(Caller caller, String runId);

  Optional<JobReport> job(Caller caller, String jobId);

  /** Newest first, at most {@code most}; their attempts are left out, but not what these saved. */
  List<RunReport> runs(Caller caller, int most);

  /**
   * What the caller's org, or every org for an admin, installed on each of the last days and did
   * not have to, newest first; a day on which nothing ended is left out.
   *
   * @param days from 1: today
   */
  List<Day> savings(Caller caller, int days);

  /** What the run came to so far. */
  Optional<Savings> savings(Caller caller, String runId);

  /** A day, in UTC. */
  record Day(LocalDate day, Savings savings) {}

  Optional<AppVersion> app(Caller caller, String appVersionId);

  /**
   * The versions of the newest builds, the one first that had the newest; each with its newest
   * builds alone.
   *
   * @param most builds, all versions together
   */
  List<AppVersion> apps(Caller caller, int most);
}
