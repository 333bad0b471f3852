package dev.qgjob.domain.report;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.submit.AppVersion;
import dev.qgjob.domain.submit.Build;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tells what became of the work; a run of many jobs costs as few reads as one of one. */
public final class ReportDesk implements Reports {
  private final ReportStore store;
  private final Duration lease;

  /**
   * @param lease how long a slot counts as live after a beat
   */
  public ReportDesk(ReportStore store, Duration lease) {
    this.store = store;
    this.lease = lease;
  }

  @Override
  public Optional<RunReport> run(Caller caller, String runId) {
    return store.run(runId).filter(r -> caller.sees(r.orgId())).map(this::report);
  }

  private RunReport report(Run run) {
    return new RunReport(
        run,
        reports(run, store.jobsOf(List.of(run.id()))),
        store.savings(List.of(run.id())).getOrDefault(run.id(), Savings.NONE));
  }

  private List<JobReport> reports(Run run, List<Job> jobs) {
    Map<String, List<Attempt>> attempts = store.attemptsOf(ids(jobs));
    Queue queue = Queue.of(store, jobs, lease);
    return jobs.stream()
        .map(
            j ->
                new JobReport(
                    j,
                    run.projectOn(j.group().target()),
                    attempts.getOrDefault(j.id(), List.of()),
                    queue.waitingFor(j)))
        .toList();
  }

  private static Collection<String> ids(List<Job> jobs) {
    return jobs.stream().filter(j -> j.attempt() > 0).map(Job::id).toList();
  }

  @Override
  public Optional<JobReport> job(Caller caller, String jobId) {
    return store
        .job(jobId)
        .filter(j -> caller.sees(j.group().orgId()))
        .flatMap(j -> store.run(j.runId()).map(run -> reports(run, List.of(j)).iterator().next()));
  }

  @Override
  public List<RunReport> runs(Caller caller, int most) {
    List<Run> runs = store.runs(caller.orgId(), most);
    Map<String, List<Job>> jobs =
        store.jobsOf(runs.stream().map(Run::id).toList()).stream()
            .collect(Collectors.groupingBy(Job::runId));
    Map<String, Savings> savings = store.savings(runs.stream().map(Run::id).toList());
    return runs.stream()
        .map(
            run ->
                new RunReport(
                    run,
                    brief(run, jobs.getOrDefault(run.id(), List.of())),
                    savings.getOrDefault(run.id(), Savings.NONE)))
        .toList();
  }

  private static List<JobReport> brief(Run run, List<Job> jobs) {
    return jobs.stream()
        .map(j -> new JobReport(j, run.projectOn(j.group().target()), List.of(), null))
        .toList();
  }

  @Override
  public List<Day> savings(Caller caller, int days) {
    LocalDate first = LocalDate.ofInstant(store.now(), ZoneOffset.UTC).minusDays(days - 1L);
    return store
        .daily(caller.orgId(), first.atStartOfDay(ZoneOffset.UTC).toInstant())
        .entrySet()
        .stream()
        .map(e -> new Day(e.getKey(), e.getValue()))
        .sorted(Comparator.comparing(Day::day).reversed())
        .toList();
  }

  @Override
  public Optional<Savings> savings(Caller caller, String runId) {
    return store
        .run(runId)
        .filter(run -> caller.sees(run.orgId()))
        .map(run -> store.savings(List.of(runId)).getOrDefault(runId, Savings.NONE));
  }

  @Override
  public Optional<AppVersion> app(Caller caller, String appVersionId) {
    return Optional.ofNullable(caller.orgId()).flatMap(org -> store.app(org, appVersionId));
  }

  @Override
  public List<AppVersion> apps(Caller caller, int most) {
    String orgId = caller.orgId();
    if (orgId == null) {
      return List.of();
    }
    Map<String, List<Build>> byVersion = new LinkedHashMap<>();
    for (Build build : store.newestBuilds(orgId, most)) {
      byVersion.computeIfAbsent(build.appVersionId(), v -> new ArrayList<>()).add(0, build);
    }
    return byVersion.entrySet().stream()
        .map(version -> new AppVersion(orgId, version.getKey(), version.getValue()))
        .toList();
  }
}
