package dev.qgjob.lab.schedule;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The optimum of small workloads, by trying every assignment of jobs to slots: with everything
 * there at the beginning and installs that persist, the order on a slot does not matter.
 */
final class Exact {
  /** More would take too long. */
  static final int MOST_JOBS = 10;

  private final List<Workload.JobSpec> jobs;
  private final double setUp;
  private final double[] load;
  private final Map<String, Integer>[] versions;
  private double best = Double.POSITIVE_INFINITY;

  @SuppressWarnings({"unchecked", "rawtypes"})
  private Exact(Workload workload) {
    if (workload.jobs().size() > MOST_JOBS) {
      throw new IllegalArgumentException(workload.jobs().size() + " jobs");
    }
    this.jobs = workload.jobs();
    this.setUp = workload.install(workload.slots().get(0).target());
    this.load = new double[workload.slots().size()];
    this.versions = new Map[load.length];
    for (int i = 0; i < load.length; i++) {
      versions[i] = new HashMap<>();
    }
  }

  /** The least makespan in seconds; like slots that hold nothing, all jobs at the beginning. */
  static double makespan(Workload workload) {
    Exact exact = new Exact(workload);
    exact.assign(0);
    return exact.best;
  }

  private void assign(int job) {
    double most = 0;
    for (double one : load) {
      most = Math.max(most, one);
    }
    if (most >= best) {
      return;
    }
    if (job == jobs.size()) {
      best = most;
      return;
    }
    Workload.JobSpec spec = jobs.get(job);
    for (int slot = 0; slot < load.length; slot++) {
      boolean first = versions[slot].merge(spec.appVersion(), 1, Integer::sum) == 1;
      double cost = spec.duration() + (first ? setUp : 0);
      load[slot] += cost;
      assign(job + 1);
      load[slot] -= cost;
      versions[slot].merge(spec.appVersion(), -1, Integer::sum);
      if (load[slot] < 1e-9) {
        break; // the other empty slots are like this one
      }
    }
  }
}
