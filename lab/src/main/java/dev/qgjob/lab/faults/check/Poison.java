package dev.qgjob.lab.faults.check;

import java.util.ArrayList;
import java.util.List;

/** Whoever kills workers ends after three, and takes nobody along. */
final class Poison {
  private static final int ATTEMPTS = 3;

  private Poison() {}

  /** Attempts that ended while no server could be told of it count against nobody. */
  private static long uncounted(Evidence evidence, Rows.Job job) {
    return evidence.rows.requeues().stream()
        .filter(requeue -> requeue.jobId().equals(job.id()))
        .filter(requeue -> requeue.reason().equals("INTERRUPTED"))
        .count();
  }

  static List<Finding> check(Evidence evidence) {
    List<String> wrong = new ArrayList<>();
    List<String> innocent = new ArrayList<>();
    int poison = 0;
    for (Rows.Job job : evidence.rows.jobs()) {
      String what = job.id() + ": " + job.state() + " after " + job.attempt() + " attempts";
      String name = job.testPath().substring(job.testPath().lastIndexOf('/') + 1);
      if (name.startsWith("kill-worker")) {
        poison++;
        if (!job.state().equals("ERROR") || job.attempt() - uncounted(evidence, job) != ATTEMPTS) {
          wrong.add(what);
        }
      } else if (!job.state().equals(name.startsWith("run-") ? "PASSED" : "FAILED")) {
        innocent.add(what + ", " + name);
      }
    }
    return List.of(
        Finding.none("poison jobs that do not end as error after three attempts", wrong, poison),
        Finding.none(
            "other jobs that end as they should not",
            innocent,
            evidence.rows.jobs().size() - poison));
  }
}
