package dev.qgjob.lab.faults.plan;

import dev.qgjob.lab.faults.site.Choice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Everything that one run does.
 *
 * @param shipments in the order of their time
 * @param crew faults of workers and their links, one after the other
 * @param infrastructure faults of servers, broker and database, one after the other
 */
public record Plan(
    long seed, List<Shipment> shipments, List<Strike> crew, List<Strike> infrastructure) {
  /** Orgs that submit. */
  public static final int ORGS = 3;

  /** App versions of each. */
  public static final int VERSIONS = 4;

  public Plan {
    shipments = List.copyOf(shipments);
    crew = List.copyOf(crew);
    infrastructure = List.copyOf(infrastructure);
  }

  /** The plan that this seed makes. */
  public static Plan of(long seed, Size size, Choice choice) {
    return new Maker(seed, size, choice).plan();
  }

  /** In one line. */
  public String told() {
    return shipments.stream().mapToInt(one -> one.tests().size()).sum()
        + " jobs in "
        + shipments.size()
        + " submissions, "
        + crew.size()
        + " faults of workers and links, "
        + infrastructure.size()
        + " of servers, broker and database";
  }

  private static final class Maker {
    private static final int MOST_TESTS = 8;

    private final long seed;
    private final Random random;
    private final Size size;
    private final Choice choice;
    private final long leaseMs;
    private int specs;
    private int versions = VERSIONS;

    Maker(long seed, Size size, Choice choice) {
      this.seed = seed;
      this.random = new Random(seed);
      this.size = size;
      this.choice = choice;
      this.leaseMs = choice.lease().toMillis();
    }

    Plan plan() {
      return new Plan(seed, shipments(), crew(), infrastructure());
    }

    // ---- jobs

    private List<Shipment> shipments() {
      List<Shipment> all = new ArrayList<>();
      for (int i = 0; i < size.hangs(); i++) {
        all.add(shipment(List.of(named("child")), 2, false));
      }
      for (int i = 0; i < size.poison(); i++) {
        all.add(shipment(List.of(named("kill-worker-30ms")), 60, false));
      }
      int left = size.jobs() - all.size();
      while (left > 0) {
        int tests = size.apart() ? 1 : Math.min(left, 1 + random.nextInt(MOST_TESTS));
        List<String> names = new ArrayList<>();
        for (int i = 0; i < tests; i++) {
          names.add(named("run-" + length() + "ms"));
        }
        all.add(shipment(names, 60, random.nextInt(100) < 5));
        left -= tests;
      }
      all.sort(Comparator.comparing(Shipment::at));
      return all;
    }

    private Shipment shipment(List<String> tests, int timeoutS, boolean givesUp) {
      return new Shipment(
          Duration.ofMillis((long) (random.nextDouble() * size.load().toMillis())),
          random.nextInt(ORGS),
          size.apart() ? versions++ : random.nextInt(VERSIONS),
          tests,
          timeoutS,
          random.nextInt(100) < 10,
          givesUp);
    }

    private String named(String what) {
      return "stub/" + what + "-n" + ++specs + ".spec.js";
    }

    /** Most are short, some long enough to beat, 1 % as long as three leases. */
    private long length() {
      int percent = random.nextInt(100);
      if (percent == 99) {
        return 3 * leaseMs;
      }
      return percent < size.longPercent()
          ? leaseMs / 2 + random.nextLong(leaseMs / 2)
          : 20 + random.nextInt(41);
    }

    // ---- faults

    private List<Strike> crew() {
      List<Strike> all = new ArrayList<>();
      Set<Kind> known =
          Set.of(
              Kind.WORKER_KILL,
              Kind.CLAIM_KILL,
              Kind.WORKER_FREEZE,
              Kind.BROKER_BLACK_HOLE,
              Kind.API_BLACK_HOLE,
              Kind.ONE_WAY,
              Kind.RESET,
              Kind.DELAY,
              Kind.GRANT_LOST,
              Kind.RECORDED_LOST);
      int count = known.stream().mapToInt(size::count).sum();
      long step = count == 0 ? 0 : size.load().toMillis() / count;
      List<Kind> kinds = shuffled(known);
      for (int i = 0; i < kinds.size(); i++) {
        all.add(
            new Strike(
                kinds.get(i),
                random.nextInt(choice.workers()),
                length(kinds.get(i)),
                random.nextInt(4),
                Duration.ofMillis(step / 2 + (long) (random.nextDouble() * step))));
      }
      return all;
    }

    private List<Strike> infrastructure() {
      List<Strike> all = new ArrayList<>();
      for (Kind kind : shuffled(possible())) {
        long quiet = size.quiet().toMillis();
        all.add(
            new Strike(
                kind,
                random.nextInt(choice.servers()),
                Duration.ofMillis(random.nextLong(leaseMs)),
                random.nextInt(4),
                Duration.ofMillis(quiet / 2 + (long) (random.nextDouble() * quiet))));
      }
      return all;
    }

    private Set<Kind> possible() {
      Set<Kind> possible = java.util.EnumSet.of(Kind.SERVER_KILL, Kind.BROKER_WIPE);
      if (choice.broker() == Choice.Broker.EXTERNAL) {
        possible.add(Kind.BROKER_KILL);
      }
      if (choice.database() == Choice.Database.MYSQL) {
        possible.add(Kind.DATABASE_KILL);
      }
      return possible;
    }

    private List<Kind> shuffled(Set<Kind> kinds) {
      List<Kind> all = new ArrayList<>();
      // a set has no order of its own, and the plan must not depend on one
      kinds.stream()
          .sorted()
          .forEach(kind -> all.addAll(Collections.nCopies(size.count(kind), kind)));
      Collections.shuffle(all, random);
      return all;
    }

    private Duration length(Kind kind) {
      double leases =
          switch (kind) {
            // half of them come back at once, the others after their leases have run out
            case WORKER_KILL, CLAIM_KILL -> random.nextBoolean() ? 0 : 1.5 + random.nextDouble();
            case WORKER_FREEZE -> 0.5 + 2 * random.nextDouble();
            case BROKER_BLACK_HOLE, API_BLACK_HOLE, ONE_WAY ->
                size.holeFrom() + (size.holeTo() - size.holeFrom()) * random.nextDouble();
            case RESET -> 0.5;
            case DELAY -> 1.5;
            default -> 2;
          };
      return Duration.ofMillis((long) (leases * leaseMs));
    }
  }
}
