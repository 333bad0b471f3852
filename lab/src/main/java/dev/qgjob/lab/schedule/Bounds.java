package dev.qgjob.lab.schedule;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.LowerBound;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The bounds of a whole workload: several targets, submissions over time, slots that are away. */
final class Bounds {
  /** Of more different submissions only so many are looked at, evenly spread. */
  private static final int MOST_RELEASES = 200;

  private Bounds() {}

  /**
   * No schedule ends sooner: the largest bound over the jobs that only certain targets may run, and
   * over the jobs that were submitted from a moment on, which cannot begin before it.
   */
  static double makespan(Workload workload) {
    List<Double> releases =
        new ArrayList<>(
            workload.jobs().stream()
                .map(Workload.JobSpec::submitted)
                .collect(Collectors.toCollection(TreeSet::new)));
    double bound = 0;
    for (Set<Target> pool : pools(workload)) {
      int step = Math.max(1, releases.size() / MOST_RELEASES);
      for (int i = 0; i < releases.size(); i += step) {
        bound = Math.max(bound, from(workload, pool, releases.get(i)));
      }
    }
    return bound;
  }

  /** Installs without which no schedule ends by then. */
  static long installs(Workload workload, double makespan) {
    Set<Target> all = EnumSet.noneOf(Target.class);
    workload.slots().forEach(slot -> all.add(slot.target()));
    if (all.isEmpty()) {
      return 0;
    }
    Map<String, Double> first = new LinkedHashMap<>();
    for (Workload.JobSpec job : workload.jobs()) {
      first.merge(job.appVersion(), job.submitted(), Math::min);
    }
    long least = 0;
    Map<String, LowerBound.Family> families = families(workload, all, 0, job -> true);
    for (Map.Entry<String, LowerBound.Family> family : families.entrySet()) {
      double from = first.getOrDefault(family.getKey(), 0.0);
      least += LowerBound.setUps(List.of(family.getValue()), makespan - from);
    }
    return least;
  }

  private static List<Set<Target>> pools(Workload workload) {
    Set<Target> present = EnumSet.noneOf(Target.class);
    workload.slots().forEach(slot -> present.add(slot.target()));
    List<Target> targets = List.copyOf(present);
    List<Set<Target>> pools = new ArrayList<>();
    for (int bits = 1; bits < 1 << targets.size(); bits++) {
      Set<Target> pool = EnumSet.noneOf(Target.class);
      for (int i = 0; i < targets.size(); i++) {
        if ((bits & 1 << i) != 0) {
          pool.add(targets.get(i));
        }
      }
      pools.add(pool);
    }
    return pools;
  }

  private static double from(Workload workload, Set<Target> pool, double release) {
    Map<String, LowerBound.Family> families =
        families(workload, pool, release, job -> pool.containsAll(slotted(workload, job)));
    return families.isEmpty()
        ? 0
        : release
            + LowerBound.of(
                List.copyOf(families.values()),
                seconds -> slotTime(workload, pool, release, release + seconds));
  }

  /** Where a job can run at all. */
  private static Set<Target> slotted(Workload workload, Workload.JobSpec job) {
    Set<Target> targets = EnumSet.noneOf(Target.class);
    workload.slots().stream()
        .filter(slot -> slot.mayRun(job))
        .forEach(s -> targets.add(s.target()));
    return targets;
  }

  /** Jobs of one build share set-ups; what was submitted before may have left its installs. */
  private static Map<String, LowerBound.Family> families(
      Workload workload, Set<Target> pool, double release, Predicate<Workload.JobSpec> belongs) {
    double setUp = pool.stream().mapToDouble(workload::install).min().orElse(0);
    Set<String> earlier =
        workload.jobs().stream()
            .filter(job -> job.submitted() < release)
            .map(Workload.JobSpec::appVersion)
            .collect(Collectors.toSet());
    Map<String, List<Workload.JobSpec>> byBuild =
        workload.jobs().stream()
            .filter(job -> job.submitted() >= release)
            .filter(belongs)
            .collect(Collectors.groupingBy(Workload.JobSpec::appVersion));
    Map<String, LowerBound.Family> families = new LinkedHashMap<>();
    byBuild.forEach(
        (build, jobs) ->
            families.put(
                build,
                new LowerBound.Family(
                    jobs.stream().mapToDouble(Workload.JobSpec::duration).sum(),
                    jobs.stream().mapToDouble(Workload.JobSpec::duration).max().orElse(0),
                    earlier.contains(build) ? 0 : setUp,
                    warm(workload, pool, jobs.get(0)))));
    return families;
  }

  private static int warm(Workload workload, Set<Target> pool, Workload.JobSpec job) {
    return (int)
        workload.slots().stream()
            .filter(slot -> pool.contains(slot.target()) && slot.holds(job))
            .count();
  }

  static double slotTime(Workload workload, Set<Target> pool, double from, double until) {
    double time = 0;
    for (Workload.SlotSpec slot : workload.slots()) {
      if (pool.contains(slot.target())) {
        time += until - from;
        for (Workload.Away away : slot.away()) {
          time -= Math.max(0, Math.min(until, away.until()) - Math.max(from, away.from()));
        }
      }
    }
    return time;
  }
}
