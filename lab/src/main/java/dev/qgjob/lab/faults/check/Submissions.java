package dev.qgjob.lab.faults.check;

import dev.qgjob.lab.faults.history.Event;
import dev.qgjob.lab.faults.history.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What was accepted is there, once, and has its verdict. */
final class Submissions {
  private static final Set<String> VERDICTS = Set.of("PASSED", "FAILED", "ERROR", "CANCELLED");

  private Submissions() {}

  static List<Finding> check(Evidence evidence) {
    Map<String, List<Rows.Job>> runs =
        evidence.rows.jobs().stream().collect(Collectors.groupingBy(Rows.Job::runId));
    Map<String, Set<String>> runsOfKey = new TreeMap<>();
    Map<String, Integer> jobsOfRun = new TreeMap<>();
    for (Event.Submit submit : evidence.all(Event.Submit.class)) {
      String run = submit.runId();
      if (submit.phase() == Phase.OK && run != null) {
        runsOfKey.computeIfAbsent(submit.key(), key -> new TreeSet<>()).add(run);
        jobsOfRun.put(run, submit.jobs());
      }
    }
    List<String> open = new ArrayList<>();
    jobsOfRun.forEach(
        (run, jobs) -> {
          List<Rows.Job> there = runs.getOrDefault(run, List.of());
          if (there.size() < jobs) {
            open.add(run + ": " + there.size() + " of " + jobs + " jobs are there");
          }
        });
    runs.forEach(
        (run, jobs) ->
            jobs.stream()
                .filter(job -> !VERDICTS.contains(job.state()))
                .findFirst()
                .ifPresent(job -> open.add(run + ": " + job.id() + " is " + job.state())));
    return List.of(
        Finding.none("accepted submissions without a verdict", open, runs.size()),
        Finding.none("submissions taken twice", twice(runsOfKey, jobsOfRun, runs), runs.size()));
  }

  private static List<String> twice(
      Map<String, Set<String>> runsOfKey,
      Map<String, Integer> jobsOfRun,
      Map<String, List<Rows.Job>> runs) {
    List<String> twice = new ArrayList<>();
    runsOfKey.forEach(
        (key, all) -> {
          if (all.size() > 1) {
            twice.add(key + ": " + all);
          }
        });
    jobsOfRun.forEach(
        (run, jobs) -> {
          int there = runs.getOrDefault(run, List.of()).size();
          if (there > jobs) {
            twice.add(run + ": " + there + " jobs instead of " + jobs);
          }
        });
    return twice;
  }
}
