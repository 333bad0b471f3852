package dev.qgjob.lab.faults.check;

import dev.qgjob.lab.faults.history.Event;
import dev.qgjob.lab.faults.history.Phase;
import dev.qgjob.lab.figure.Bar;
import dev.qgjob.lab.figure.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What a fault costs, while everything else is up. */
final class Delays {
  private record Cost(double leases, String of) {}

  private Delays() {}

  static List<Finding> check(Evidence evidence) {
    List<Cost> queued = new ArrayList<>();
    List<Cost> running = new ArrayList<>();
    for (Evidence.Down down : evidence.downs()) {
      if (!evidence.infrastructureAway(down.at(), down.at().plus(evidence.lease.multipliedBy(3)))) {
        costs(evidence, down, queued, running);
      }
    }
    return List.of(
        finding("fault to queued again, p99", queued, 99, 1.5),
        finding("fault to running again, p95", running, 95, 2),
        finding("a lost claim answer costs, p95", lostGrants(evidence), 95, 0.25));
  }

  /** The attempts that the worker held when it went down, and that its lease's end ended. */
  private static void costs(
      Evidence evidence, Evidence.Down down, List<Cost> queued, List<Cost> running) {
    for (Rows.Attempt attempt : evidence.rows.attempts()) {
      Optional<Rows.Result> end = evidence.result(attempt);
      if (end.isEmpty()
          || !Evidence.workerOf(attempt.slot()).equals(down.worker())
          || attempt.startedAt().isAfter(down.at())
          || !end.get().finishedAt().isAfter(down.at())
          || !lostItsLease(evidence, attempt)) {
        continue;
      }
      String of =
          attempt.jobId()
              + " of "
              + down.worker()
              + (down.frozen() ? " frozen at " : " dead at ")
              + down.at();
      queued.add(new Cost(leases(evidence, down.at(), end.get().finishedAt()), of));
      evidence
          .next(attempt)
          .ifPresent(
              next -> running.add(new Cost(leases(evidence, down.at(), next.startedAt()), of)));
    }
  }

  private static boolean lostItsLease(Evidence evidence, Rows.Attempt attempt) {
    return evidence.rows.requeues().stream()
        .anyMatch(
            requeue ->
                requeue.jobId().equals(attempt.jobId())
                    && requeue.generation() == attempt.generation() + 1
                    && requeue.lostItsLease());
  }

  private static double leases(Evidence evidence, Instant from, Instant to) {
    return evidence.inLeases(Duration.between(from, to));
  }

  private static List<Cost> lostGrants(Evidence evidence) {
    List<Event.Claim> claims = evidence.all(Event.Claim.class);
    List<Cost> costs = new ArrayList<>();
    for (Event.Claim lost : claims) {
      if (lost.phase() != Phase.INFO
          || !lost.why().startsWith("lost")
          || lost.granted().isEmpty()
          || evidence.infrastructureAway(lost.at(), lost.at().plus(evidence.lease))) {
        continue;
      }
      claims.stream()
          .filter(claim -> claim.token().equals(lost.token()) && claim.at().isAfter(lost.at()))
          .filter(claim -> claim.phase() == Phase.OK)
          .min(Comparator.comparing(Event.Claim::at))
          .ifPresent(
              repeat ->
                  costs.add(
                      new Cost(
                          leases(evidence, lost.at(), repeat.at()),
                          lost.jobId() + " of " + lost.worker() + " at " + lost.at())));
    }
    return costs;
  }

  private static Finding finding(String name, List<Cost> costs, int percent, double limit) {
    List<Cost> worst =
        costs.stream().sorted(Comparator.comparing((Cost cost) -> -cost.leases())).toList();
    double value =
        costs.isEmpty()
            ? 0
            : new Samples(costs.stream().map(Cost::leases).toList()).percentile(percent);
    return new Finding(
        new Bar(name, value, Bar.Rule.BELOW, limit, "leases"),
        costs.size(),
        worst.stream()
            .map(cost -> String.format(java.util.Locale.ROOT, "%.2f: %s", cost.leases(), cost.of()))
            .toList());
  }
}
