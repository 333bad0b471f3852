package dev.qgjob.lab.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a schedule is worth; all times in seconds.
 *
 * @param lowerBound no schedule of this workload ends sooner
 * @param leastInstalls no schedule that ends as soon as this one has fewer
 * @param waitP50 median time from submission to the start
 * @param maxSlowdown the largest (end − submission) / duration
 * @param meanFlow mean time from submission to the end
 * @param jain Jain's index over the orgs of service received while backlogged ÷ weighted max-min
 *     share; 1 where nobody had to share
 */
record Measures(
    double makespan,
    double lowerBound,
    long installs,
    long leastInstalls,
    double waitP50,
    double waitP99,
    double maxSlowdown,
    double meanFlow,
    double jain) {

  static Measures of(Workload workload, Outcome outcome) {
    Map<String, Workload.JobSpec> jobs = workload.jobsById();
    List<Double> waits = new ArrayList<>();
    double slowdown = 0;
    double flow = 0;
    for (Outcome.Placed placed : outcome.schedule()) {
      Workload.JobSpec job = Objects.requireNonNull(jobs.get(placed.job()));
      waits.add(Math.max(0, placed.start() - job.submitted()));
      double took = placed.end() - job.submitted();
      flow += took;
      if (job.duration() > 0) {
        slowdown = Math.max(slowdown, took / job.duration());
      }
    }
    waits.sort(null);
    double makespan = outcome.makespan();
    return new Measures(
        makespan,
        Bounds.makespan(workload),
        outcome.installs(),
        Bounds.installs(workload, makespan),
        percentile(waits, 50),
        percentile(waits, 99),
        slowdown,
        waits.isEmpty() ? 0 : flow / waits.size(),
        Fairness.jain(workload, outcome));
  }

  /** Nearest rank. */
  private static double percentile(List<Double> sorted, int percent) {
    if (sorted.isEmpty()) {
      return 0;
    }
    int rank = (int) Math.ceil(percent / 100.0 * sorted.size());
    return sorted.get(Math.max(1, rank) - 1);
  }

  /** Makespan as a multiple of the lower bound. */
  double stretch() {
    return lowerBound == 0 ? 1 : makespan / lowerBound;
  }

  /** Installs as a multiple of the least. */
  double installRatio() {
    return leastInstalls == 0 ? (installs == 0 ? 1 : installs) : (double) installs / leastInstalls;
  }
}
