package dev.qgjob.worker.health;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.worker.run.Outcome;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What this worker's slots did since it started. Thread-safe. */
final class Tally {
  private final Map<String, Long> attempts = new TreeMap<>();
  private long installs;
  private long stockInstalls;
  private long uninstalls;

  synchronized void add(Outcome outcome) {
    attempts.merge(word(outcome), 1L, Long::sum);
    installs += outcome.details().installs();
    stockInstalls += outcome.details().stockInstalls();
  }

  private static String word(Outcome outcome) {
    if (outcome instanceof Outcome.Passed) {
      return "passed";
    }
    if (outcome instanceof Outcome.Skipped) {
      return "skipped";
    }
    return outcome
        .kind()
        .map(FailureKind::name)
        .map(name -> name.toLowerCase(Locale.ROOT))
        .orElse("cancelled");
  }

  /** Attempts by how they ended: passed, skipped, cancelled, or whose fault it was. */
  synchronized Map<String, Long> attempts() {
    return new TreeMap<>(attempts);
  }

  synchronized long installs() {
    return installs;
  }

  synchronized void uninstalled() {
    uninstalls++;
  }

  synchronized long uninstalls() {
    return uninstalls;
  }

  synchronized long stockInstalls() {
    return stockInstalls;
  }
}
