package dev.qgjob.lab.faults.check;

import dev.qgjob.lab.faults.history.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** One result a job, and none under a lease that had run out. */
final class Results {
  /**
   * A result's time is read after its guarded update, which looks at the clock itself: so much may
   * lie in between.
   */
  static final Duration BETWEEN = Duration.ofMillis(50);

  private static final Set<String> FINAL = Set.of("PASSED", "FAILED", "CANCELLED");
  private static final Set<String> FINAL_REPORTS = Set.of("passed", "failed");

  private Results() {}

  static List<Finding> check(Evidence evidence) {
    return List.of(doubled(evidence), late(evidence));
  }

  private static Finding doubled(Evidence evidence) {
    Set<String> doubled = new TreeSet<>();
    evidence.results.forEach(
        (job, results) -> {
          Set<Integer> numbers = new HashSet<>();
          int last = results.stream().mapToInt(Rows.Result::number).max().orElse(0);
          for (Rows.Result result : results) {
            boolean again = !numbers.add(result.number());
            boolean early = FINAL.contains(result.outcome()) && result.number() < last;
            if (again || early) {
              doubled.add(
                  job + ": " + result.outcome() + " of attempt " + result.number() + " of " + last);
            }
          }
        });
    Map<String, Rows.Result> byLease = new HashMap<>();
    for (Rows.Attempt attempt : evidence.rows.attempts()) {
      evidence
          .result(attempt)
          .ifPresent(result -> byLease.put(attempt.token() + "/" + attempt.jobId(), result));
    }
    Map<String, String> recorded = new HashMap<>();
    for (Event.Finish finish : evidence.all(Event.Finish.class)) {
      Rows.Result kept = byLease.get(finish.token() + "/" + finish.jobId());
      if (finish.state() != null
          && kept != null
          && !kept.outcome().equalsIgnoreCase(finish.outcome())) {
        doubled.add(
            finish.jobId()
                + ": attempt "
                + kept.number()
                + " ended as "
                + kept.outcome()
                + ", and its report was taken as "
                + finish.outcome());
      }
      if (finish.state() != null && FINAL_REPORTS.contains(finish.outcome())) {
        String lease = finish.generation() + "/" + finish.token();
        String other = recorded.putIfAbsent(finish.jobId(), lease);
        if (other != null && !other.equals(lease)) {
          doubled.add(finish.jobId() + ": recorded under " + other + " and under " + lease);
        }
      }
    }
    return Finding.none(
        "jobs with two recorded results", List.copyOf(doubled), evidence.rows.jobs().size());
  }

  private static Finding late(Evidence evidence) {
    Set<String> reported = evidence.reported();
    List<String> late = new ArrayList<>();
    int n = 0;
    for (Rows.Attempt attempt : evidence.rows.attempts()) {
      Rows.Result result = evidence.result(attempt).orElse(null);
      if (result == null
          || !(FINAL.contains(result.outcome())
              || reported.contains(attempt.token() + "/" + attempt.jobId()))) {
        continue;
      }
      n++;
      if (result.leaseUntil() == null
          || result.finishedAt().isAfter(result.leaseUntil().plus(BETWEEN))) {
        late.add(
            attempt.jobId()
                + ": "
                + result.outcome()
                + " at "
                + result.finishedAt()
                + ", the lease ran until "
                + result.leaseUntil());
      }
    }
    return Finding.none("results accepted under an expired lease", late, n);
  }
}
