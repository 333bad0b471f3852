package dev.qgjob.lab.schedule;

import java.util.Optional;

/** What else one could do with the same workload. */
interface Baseline {
  /** In a few words, for a table. */
  String told();

  /** Empty where it cannot take this kind of workload. */
  Optional<Outcome> schedule(Workload workload);
}
