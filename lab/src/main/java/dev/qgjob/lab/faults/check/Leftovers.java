package dev.qgjob.lab.faults.check;

import dev.qgjob.lab.faults.history.Event;
import java.util.ArrayList;
import java.util.List;

/** What should not be there at the end. */
final class Leftovers {
  private Leftovers() {}

  static List<Finding> check(Evidence evidence) {
    List<String> unpublished = new ArrayList<>();
    List<String> leases = new ArrayList<>();
    for (Rows.Job job : evidence.rows.jobs()) {
      if (job.state().equals("QUEUED") && job.released() < job.generation()) {
        unpublished.add(job.id());
      }
      if (job.leased() || job.state().equals("RUNNING")) {
        leases.add(job.id() + " is " + job.state());
      }
    }
    List<Finding> all = new ArrayList<>();
    int n = evidence.rows.jobs().size();
    all.add(Finding.none("unpublished queued jobs at the end", unpublished, n));
    all.add(Finding.none("open leases at the end", leases, n));
    for (Event.Left left : evidence.all(Event.Left.class)) {
      all.add(
          new Finding(
              new dev.qgjob.lab.figure.Bar(
                  left.what() + " at the end",
                  left.count(),
                  dev.qgjob.lab.figure.Bar.Rule.AT_MOST,
                  0,
                  ""),
              1,
              List.of()));
    }
    return all;
  }
}
