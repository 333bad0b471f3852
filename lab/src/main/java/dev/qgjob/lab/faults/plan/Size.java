package dev.qgjob.lab.faults.plan;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much of everything.
 *
 * @param counts how often each kind of fault strikes
 * @param hangs jobs with a child process that hangs
 * @param poison jobs that kill their worker
 * @param load over which time the jobs are submitted
 * @param quiet mean pause of the infrastructure after each of its faults
 * @param longPercent of the jobs that last half a lease to a whole one
 * @param holeFrom leases for which a black hole lasts at least
 * @param holeTo leases for which it lasts at most
 * @param apart each submission is one job of an app version of its own, which no slot was ever at:
 *     its message goes over the target's shared queue
 */
public record Size(
    int jobs,
    int hangs,
    int poison,
    Map<Kind, Integer> counts,
    Duration load,
    Duration quiet,
    int longPercent,
    double holeFrom,
    double holeTo,
    boolean apart) {
  public Size {
    counts = Map.copyOf(counts);
  }

  /** Of submissions of several jobs of a few versions. */
  public Size(
      int jobs,
      int hangs,
      int poison,
      Map<Kind, Integer> counts,
      Duration load,
      Duration quiet,
      int longPercent,
      double holeFrom,
      double holeTo) {
    this(jobs, hangs, poison, counts, load, quiet, longPercent, holeFrom, holeTo, false);
  }

  /** As docs/faults.md has it. */
  public static Size full(int jobs) {
    Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    counts.put(Kind.WORKER_KILL, 80);
    counts.put(Kind.WORKER_FREEZE, 30);
    counts.put(Kind.BROKER_BLACK_HOLE, 5);
    counts.put(Kind.API_BLACK_HOLE, 5);
    counts.put(Kind.ONE_WAY, 5);
    counts.put(Kind.RESET, 5);
    counts.put(Kind.DELAY, 5);
    counts.put(Kind.GRANT_LOST, 20);
    counts.put(Kind.RECORDED_LOST, 20);
    counts.put(Kind.SERVER_KILL, 25);
    counts.put(Kind.BROKER_KILL, 25);
    counts.put(Kind.DATABASE_KILL, 15);
    counts.put(Kind.BROKER_WIPE, 1);
    return new Size(jobs, 10, 5, counts, Duration.ofMinutes(20), Duration.ofSeconds(9), 9, 0.8, 2);
  }

  /** Each kind about once, within ten seconds of submissions. */
  public static Size quick(int jobs) {
    Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    counts.put(Kind.WORKER_KILL, 4);
    counts.put(Kind.WORKER_FREEZE, 2);
    counts.put(Kind.BROKER_BLACK_HOLE, 1);
    counts.put(Kind.API_BLACK_HOLE, 1);
    counts.put(Kind.ONE_WAY, 1);
    counts.put(Kind.RESET, 1);
    counts.put(Kind.DELAY, 1);
    counts.put(Kind.GRANT_LOST, 2);
    counts.put(Kind.RECORDED_LOST, 2);
    counts.put(Kind.SERVER_KILL, 1);
    counts.put(Kind.BROKER_KILL, 1);
    counts.put(Kind.DATABASE_KILL, 1);
    return new Size(jobs, 1, 1, counts, Duration.ofSeconds(10), Duration.ofSeconds(1), 9, 0.8, 2);
  }

  int count(Kind kind) {
    return counts.getOrDefault(kind, 0);
  }
}
