package dev.qgjob.lab.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How evenly the orgs were served. An org is backlogged while one of its jobs was submitted and has
 * not started. Over that time the slot time that its jobs took, installs included, is divided by
 * its weighted max-min share: what it would have had if at every moment the slots had been split
 * among the orgs by weight, none getting more slots than it had jobs.
 */
final class Fairness {
  private Fairness() {}

  /** What happens to an org's numbers at a moment. */
  private record Change(double at, int org, int waiting, int running) {}

  /** Jain's index, 1/n to 1, over the orgs that ever were backlogged. */
  static double jain(Workload workload, Outcome outcome) {
    double sum = 0;
    double squares = 0;
    int n = 0;
    for (double share : shares(workload, outcome)) {
      sum += share;
      squares += share * share;
      n++;
    }
    return n == 0 || squares == 0 ? 1 : sum * sum / (n * squares);
  }

  /** Received ÷ due for every org that ever was backlogged. */
  static List<Double> shares(Workload workload, Outcome outcome) {
    List<String> orgs = workload.orgIds().stream().sorted().toList();
    Map<String, Workload.JobSpec> jobs = workload.jobsById();
    List<Change> changes = new ArrayList<>();
    for (Outcome.Placed placed : outcome.schedule()) {
      Workload.JobSpec job = Objects.requireNonNull(jobs.get(placed.job()));
      int org = orgs.indexOf(job.org());
      changes.add(new Change(job.submitted(), org, 1, 0));
      changes.add(new Change(placed.start(), org, -1, 1));
      changes.add(new Change(placed.end(), org, 0, -1));
    }
    changes.sort(Comparator.comparingDouble(Change::at));
    double[] weights = orgs.stream().mapToDouble(workload::weight).toArray();
    int[] waiting = new int[orgs.size()];
    int[] running = new int[orgs.size()];
    double[] received = new double[orgs.size()];
    double[] due = new double[orgs.size()];
    double before = 0;
    for (Change change : changes) {
      double time = change.at() - before;
      if (time > 0) {
        double[] fair = maxMin(slots(workload, before), weights, waiting, running);
        for (int i = 0; i < fair.length; i++) {
          if (waiting[i] > 0) {
            received[i] += running[i] * time;
            due[i] += fair[i] * time;
          }
        }
        before = change.at();
      }
      waiting[change.org()] += change.waiting();
      running[change.org()] += change.running();
    }
    List<Double> shares = new ArrayList<>();
    for (int i = 0; i < due.length; i++) {
      if (due[i] > 0) {
        shares.add(received[i] / due[i]);
      }
    }
    return shares;
  }

  private static double slots(Workload workload, double at) {
    return workload.slots().stream()
        .filter(s -> s.away().stream().noneMatch(a -> a.from() <= at && at < a.until()))
        .count();
  }

  /** Fills all alike, by weight, until each has a slot for every job or the slots are used up. */
  static double[] maxMin(double slots, double[] weights, int[] waiting, int[] running) {
    double[] share = new double[weights.length];
    boolean[] full = new boolean[weights.length];
    double left = slots;
    while (left > 1e-12) {
      double open = 0;
      for (int i = 0; i < share.length; i++) {
        full[i] = full[i] || share[i] >= waiting[i] + running[i] - 1e-12;
        open += full[i] ? 0 : weights[i];
      }
      if (open <= 0) {
        break;
      }
      double rise = left / open;
      for (int i = 0; i < share.length; i++) {
        if (!full[i] && weights[i] > 0) {
          rise = Math.min(rise, (waiting[i] + running[i] - share[i]) / weights[i]);
        }
      }
      for (int i = 0; i < share.length; i++) {
        if (!full[i]) {
          share[i] += rise * weights[i];
          left -= rise * weights[i];
        }
      }
    }
    return share;
  }
}
