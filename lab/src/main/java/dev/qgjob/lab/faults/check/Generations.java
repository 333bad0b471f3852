package dev.qgjob.lab.faults.check;

import dev.qgjob.lab.faults.history.Event;
import dev.qgjob.lab.faults.history.Phase;
import dev.qgjob.lab.faults.plan.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** One after the other: leases by the database's clock, runs by the machine's. */
final class Generations {
  /** A worker looks at its clock this often, and ends a run within that. */
  private static final Duration ONE_LOOK = Duration.ofMillis(300);

  private Generations() {}

  static List<Finding> check(Evidence evidence) {
    return List.of(early(evidence), overlapping(evidence), revived(evidence));
  }

  private static Finding early(Evidence evidence) {
    List<String> early = new ArrayList<>();
    for (Rows.Attempt attempt : evidence.rows.attempts()) {
      Rows.Result end = evidence.result(attempt).orElse(null);
      Rows.Attempt next = evidence.next(attempt).orElse(null);
      if (next != null && (end == null || next.startedAt().isBefore(end.finishedAt()))) {
        early.add(
            attempt.jobId()
                + ": attempt "
                + next.number()
                + " began at "
                + next.startedAt()
                + ", the one before ended at "
                + (end == null ? "no time" : end.finishedAt()));
      } else if (end != null && takenAway(evidence, attempt, end)) {
        early.add(
            attempt.jobId()
                + ": lost its lease at "
                + end.finishedAt()
                + ", it ran until "
                + end.leaseUntil());
      }
    }
    return Finding.none(
        "starts before the lease of the generation before had ended",
        early,
        evidence.rows.attempts().size());
  }

  /** The lease was ended before its time, though its worker did not ask to begin anew. */
  private static boolean takenAway(Evidence evidence, Rows.Attempt attempt, Rows.Result end) {
    boolean lost =
        evidence.rows.requeues().stream()
            .anyMatch(
                requeue ->
                    requeue.jobId().equals(attempt.jobId())
                        && requeue.generation() == attempt.generation() + 1
                        && requeue.lostItsLease());
    if (!lost || end.leaseUntil() == null || !end.finishedAt().isBefore(end.leaseUntil())) {
      return false;
    }
    String worker = Evidence.workerOf(attempt.slot());
    return evidence.all(Event.Register.class).stream()
        .noneMatch(
            register ->
                register.worker().equals(worker)
                    && register.at().isAfter(attempt.startedAt())
                    && register.at().isBefore(end.finishedAt().plus(evidence.lease)));
  }

  private static Finding overlapping(Evidence evidence) {
    Map<String, List<Evidence.Execution>> byJob =
        evidence.executions().stream().collect(Collectors.groupingBy(Evidence.Execution::jobId));
    List<String> overlapping = new ArrayList<>();
    byJob.forEach(
        (job, runs) -> {
          List<Evidence.Execution> inOrder =
              runs.stream().sorted(Comparator.comparing(Evidence.Execution::from)).toList();
          for (int i = 1; i < inOrder.size(); i++) {
            Evidence.Execution one = inOrder.get(i - 1);
            Evidence.Execution two = inOrder.get(i);
            // the older attempt is the one that should have ended: also where it began at the thaw
            Evidence.Execution stale = two.attempt() < one.attempt() ? two : one;
            if (one.to().isAfter(two.from()) && !frozen(evidence, stale)) {
              overlapping.add(
                  job
                      + ": attempt "
                      + one.attempt()
                      + " at "
                      + one.worker()
                      + " ran until "
                      + one.to()
                      + ", attempt "
                      + two.attempt()
                      + " at "
                      + two.worker()
                      + " from "
                      + two.from());
            }
          }
        });
    return Finding.none(
        "runs of one job at once, but for frozen workers", overlapping, byJob.size());
  }

  private static boolean frozen(Evidence evidence, Evidence.Execution run) {
    Instant end = run.to().equals(Instant.MAX) ? run.from() : run.to();
    return evidence.struck(
        run.worker(), Set.of(Kind.WORKER_FREEZE), run.from().minus(ONE_LOOK), end.plus(ONE_LOOK));
  }

  /**
   * A lease was granted or renewed no later than its answer came, so it had run out a lease after
   * that; a beat that went off later must not be told that it lives.
   */
  private static Finding revived(Evidence evidence) {
    Map<String, Instant> provenAt = new HashMap<>();
    List<String> revived = new ArrayList<>();
    int n = 0;
    for (Event event : evidence.events) {
      if (event instanceof Event.Claim claim && claim.phase() != Phase.INVOKE) {
        claim.granted().forEach(job -> provenAt.put(claim.token() + "/" + job, claim.at()));
      } else if (event instanceof Event.Beat beat) {
        for (String lease : beat.goOn()) {
          n++;
          Instant before = provenAt.put(lease, beat.at());
          if (before != null && beat.sent().isAfter(before.plus(evidence.lease))) {
            revived.add(lease + " at " + beat.worker() + ": " + before + ", then " + beat.sent());
          }
        }
      }
    }
    return Finding.none("expired leases that a beat revived", revived, n);
  }
}
