package dev.qgjob.lab.faults.check;

import dev.qgjob.lab.faults.history.Event;
import dev.qgjob.lab.faults.plan.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Jobs that were sent again because no live slot reported their message. Without a fault of the
 * broker or of the worker that has the message, none is lost; and what was sent to all and is
 * delivered to one that is killed goes back to the queue at once.
 */
final class Requeues {
  private static final Set<Kind> OF_THE_WORKER =
      EnumSet.of(
          Kind.WORKER_FREEZE,
          Kind.BROKER_BLACK_HOLE,
          Kind.API_BLACK_HOLE,
          Kind.ONE_WAY,
          Kind.RESET,
          Kind.DELAY);

  private Requeues() {}

  static List<Finding> check(Evidence evidence) {
    List<String> unexplained = new ArrayList<>();
    int n = 0;
    for (Rows.Requeue requeue : evidence.rows.requeues()) {
      if (!requeue.reason().equals("MESSAGE_LOST")) {
        continue;
      }
      n++;
      if (!explained(evidence, requeue)) {
        unexplained.add(
            requeue.jobId()
                + " at "
                + requeue.at()
                + ", last seen at "
                + requeue.slot()
                + (requeue.shared() ? ", shared" : ", handed to it"));
      }
    }
    return List.of(
        Finding.none(
            "requeues by the 'no slot reports it' rule without a fault of broker or worker",
            unexplained,
            n));
  }

  private static boolean explained(Evidence evidence, Rows.Requeue requeue) {
    Instant begin = requeue.at().minus(evidence.lease.multipliedBy(3));
    if (evidence.infrastructureAway(begin, requeue.at())) {
      return true;
    }
    // what no slot ever reported may have been with any worker
    Set<String> workers =
        requeue.slot() == null ? evidence.workers() : Set.of(Evidence.workerOf(requeue.slot()));
    return workers.stream().anyMatch(worker -> couldNotReport(evidence, worker, requeue, begin));
  }

  private static boolean couldNotReport(
      Evidence evidence, String worker, Rows.Requeue requeue, Instant begin) {
    if (evidence.struck(worker, OF_THE_WORKER, begin, requeue.at())) {
      return true;
    }
    boolean died =
        evidence.downs().stream()
            .anyMatch(
                down ->
                    down.worker().equals(worker)
                        && down.at().isAfter(begin)
                        && down.at().isBefore(requeue.at()));
    // the dead do not beat: whether it had time to says something of the living only
    return died ? !requeue.shared() : !beatAll(evidence, worker, begin, requeue.at());
  }

  /**
   * Whether its beats were answered often enough that the server had to take it for live: a worker
   * that gets no time on a machine that is too busy looks like one that stands still.
   */
  private static boolean beatAll(Evidence evidence, String worker, Instant begin, Instant end) {
    Instant last = begin;
    for (Event.Beat beat : evidence.all(Event.Beat.class)) {
      if (!beat.worker().equals(worker)
          || !evidence.answered(beat)
          || !beat.at().isAfter(begin)
          || beat.at().isAfter(end)) {
        continue;
      }
      if (Duration.between(last, beat.at()).compareTo(evidence.lease.multipliedBy(3).dividedBy(4))
          > 0) {
        return false;
      }
      last = beat.at();
    }
    return Duration.between(last, end).compareTo(evidence.lease.multipliedBy(3).dividedBy(4)) <= 0;
  }
}
