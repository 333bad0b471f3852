package dev.qgjob.lab.schedule;

import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Board;
import dev.qgjob.domain.placement.Heads;
import dev.qgjob.domain.placement.Placement;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * How long a decision takes and how it grows: from 1,000 to 1,000,000 jobs, with a slot for every
 * 100 jobs, a version for every 200 and an org for every 5,000, up to 10,000 slots, 5,000 versions
 * and 200 orgs. Half of the slots are idle: far more than a tick ever finds in a running system.
 */
final class ScaleCurve {
  private static final int[] JOBS = {1_000, 10_000, 100_000, 1_000_000};
  private static final int ROUNDS = 5;
  private static final double MOST_SECONDS = 1;
  private static final double NOISE = 2;

  private final long seed;

  ScaleCurve(long seed) {
    this.seed = seed;
  }

  Figures measure(Consumer<String> say) {
    Figures figures = new Figures();
    double first = 0;
    double last = 0;
    for (int i = 0; i < 3; i++) {
      Placement.decide(board(10_000)); // the first ones are compiled while they run
    }
    for (int jobs : JOBS) {
      Board board = board(jobs);
      double best = Double.POSITIVE_INFINITY;
      int decisions = 0;
      for (int round = 0; round < ROUNDS; round++) {
        long before = cpuNanos();
        decisions = Placement.decide(board).size();
        best = Math.min(best, (cpuNanos() - before) / 1e9);
      }
      say.accept(
          String.format(
              Locale.ROOT,
              "%,9d jobs %,7d slots %,6d versions: %8.1f ms of one core, %,d decisions",
              jobs,
              board.slots().size(),
              board.groups().size(),
              best * 1000,
              decisions));
      figures.add("tick at " + jobs + " jobs, ms", best * 1000);
      first = jobs == 100_000 ? best : first;
      last = best;
    }
    figures.atMost("tick at 1000000 jobs and 10000 slots, s", last, MOST_SECONDS);
    double nLogN = 10 * Math.log(1_000_000) / Math.log(100_000);
    figures.atMost("growth from 10^5 to 10^6 jobs / n log n", last / first / nLogN, NOISE);
    return figures;
  }

  /** The processor's time: what else runs on the machine does not count. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** Aggregates and heads; the jobs behind them are numbers only. */
  Board board(int jobs) {
    Random random = new Random(seed);
    Instant now = Instant.EPOCH.plusSeconds(3600);
    int slots = Math.max(10, jobs / 100);
    int versions = Math.max(5, jobs / 200);
    int orgs = Math.max(2, jobs / 5000);
    List<Board.SlotLoad> loads = new ArrayList<>();
    Map<Integer, Set<String>> runningOn = new HashMap<>();
    for (int i = 0; i < slots; i++) {
      String id = "s" + i;
      int holds = random.nextInt(versions);
      boolean busy = random.nextBoolean();
      if (busy) {
        runningOn.computeIfAbsent(holds, k -> new HashSet<>()).add(id);
      }
      Slot slot =
          new Slot(
              id,
              "w" + i / 8,
              Target.EMULATOR,
              id,
              Map.of(),
              Map.of("p" + holds, "v" + holds),
              true,
              1,
              now);
      loads.add(
          new Board.SlotLoad(
              slot, busy ? 1 : 0, Duration.ofSeconds(busy ? random.nextInt(60) : 0)));
    }
    List<Board.WaitingGroup> groups = new ArrayList<>();
    Map<String, Board.Share> shares = new HashMap<>();
    for (int org = 0; org < orgs; org++) {
      shares.put(
          "org" + org,
          new Board.Share(1 + org % 3, Board.NO_CAP, Duration.ofSeconds(random.nextInt(600))));
    }
    int idle = (int) loads.stream().filter(load -> load.running() == 0).count();
    Map<GroupKey, Integer> slotsFor = new LinkedHashMap<>();
    for (int v = 0; v < versions; v++) {
      GroupKey key = new GroupKey("org" + v % orgs, "v" + v, 1, Target.EMULATOR);
      slotsFor.put(key, idle + runningOn.getOrDefault(v, Set.of()).size());
    }
    Map<GroupKey, Integer> most = Heads.most(slotsFor);
    for (int v = 0; v < versions; v++) {
      GroupKey key = new GroupKey("org" + v % orgs, "v" + v, 1, Target.EMULATOR);
      int heads = Math.min(jobs / versions, Objects.requireNonNull(most.get(key)));
      groups.add(group(v, key, heads, jobs / versions, runningOn, random, now));
    }
    return new Board(Target.EMULATOR, now, groups, loads, Set.of(), shares, Board.NO_CAP);
  }

  private static Board.WaitingGroup group(
      int version,
      GroupKey key,
      int firstOnes,
      int queued,
      Map<Integer, Set<String>> runningOn,
      Random random,
      Instant now) {
    List<Job> heads = new ArrayList<>();
    Map<String, Board.Need> needs = new HashMap<>();
    for (int i = 0; i < firstOnes; i++) {
      Job job =
          Job.queued(
              "j" + version + "-" + i,
              "run",
              key,
              "a.spec.js",
              0,
              0,
              now.minusSeconds(random.nextInt(3600)));
      heads.add(job);
      needs.put(job.id(), new Board.Need(Duration.ofSeconds(10 + random.nextInt(50)), Map.of()));
    }
    Set<String> on = runningOn.getOrDefault(version, Set.of());
    return new Board.WaitingGroup(
        key,
        on.size(),
        null,
        null,
        "p" + version,
        "v" + version,
        queued,
        on,
        heads,
        List.of(),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofSeconds(30L * queued),
        Duration.ofSeconds(60),
        needs);
  }
}
