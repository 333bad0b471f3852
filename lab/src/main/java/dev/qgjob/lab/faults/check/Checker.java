package dev.qgjob.lab.faults.check;

import dev.qgjob.lab.faults.history.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Draws the figures from a history and the database at its end. */
public final class Checker {
  private final Evidence evidence;

  /**
   * @param lease length of a lease
   */
  public Checker(Duration lease, List<Event> events, Rows rows) {
    this.evidence = new Evidence(lease, events, rows);
  }

  /** All figures that have to be something. */
  public List<Finding> findings() {
    List<Finding> all = new ArrayList<>();
    all.addAll(Submissions.check(evidence));
    all.addAll(Results.check(evidence));
    all.addAll(Generations.check(evidence));
    all.addAll(Requeues.check(evidence));
    all.addAll(Poison.check(evidence));
    all.addAll(Delays.check(evidence));
    all.addAll(Leftovers.check(evidence));
    return all;
  }

  /**
   * The share of the beats, in per cent, that were answered while the worker waited: what keeps
   * well below 100 although nothing is broken tells of a machine that is too busy for its leases.
   */
  public double beatsAnswered() {
    List<Event.Beat> beats = evidence.all(Event.Beat.class);
    long answered = beats.stream().filter(evidence::answered).count();
    return beats.isEmpty() ? 100 : 100.0 * answered / beats.size();
  }

  /** How often each kind of fault was done. */
  public Map<String, Long> faults() {
    return evidence.counts();
  }
}
