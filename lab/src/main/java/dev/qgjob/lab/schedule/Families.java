package dev.qgjob.lab.schedule;

import dev.qgjob.domain.job.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Families of workloads, each instance from a seed. Forecasts are log-normal round the family's
 * typical job; the durations are log-normal round their forecasts and within ±30 % of them.
 */
enum Families {
  UNIFORM("as many jobs for every version"),
  ZIPF_1("version k has 1/k of the first one's jobs"),
  ZIPF_1_5("version k has k^-1.5 of the first one's jobs"),
  FEW_BIG("two or three versions, hundreds of jobs"),
  MANY_SMALL("three versions a slot, few jobs each"),
  BURSTS("every few minutes another batch of versions"),
  FLOOD("one org floods, three others want a little now and then"),
  WISHES("a third of the jobs wish for one of three models"),
  FAILING("slots fail and come back"),
  TARGETS("emulators and a few devices; three of five jobs may run on either");

  private static final double SPREAD_OF_JOBS = 0.6;
  private static final double SPREAD_OF_DURATIONS = 0.15;
  private static final double MOST_OFF = 0.3;

  private final String told;

  Families(String told) {
    this.told = told;
  }

  String told() {
    return told;
  }

  String id() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /** True where all jobs are there at the beginning and any slot may run them, undisturbed. */
  boolean atOnce() {
    return switch (this) {
      case UNIFORM, ZIPF_1, ZIPF_1_5, FEW_BIG, MANY_SMALL -> true;
      case BURSTS, FLOOD, WISHES, FAILING, TARGETS -> false;
    };
  }

  Workload instance(long seed) {
    Draw draw = new Draw(new Random(seed * 31 + ordinal()));
    return switch (this) {
      case UNIFORM -> draw.versions(draw.between(6, 20), k -> 1.0);
      case ZIPF_1 -> draw.versions(draw.between(6, 24), k -> 1.0 / k);
      case ZIPF_1_5 -> draw.versions(draw.between(6, 24), k -> Math.pow(k, -1.5));
      case FEW_BIG -> draw.versions(draw.between(2, 3), k -> 1.0);
      case MANY_SMALL -> draw.manySmall();
      case BURSTS -> draw.bursts();
      case FLOOD -> draw.flood();
      case WISHES -> draw.wishes();
      case FAILING -> draw.failing();
      case TARGETS -> draw.targets();
    };
  }

  /** Draws one instance. */
  private static final class Draw {
    private final Random random;
    private final List<Workload.JobSpec> jobs = new ArrayList<>();
    private final int slots;
    private final double install;
    private final double typical;

    Draw(Random random) {
      this.random = random;
      this.slots = between(6, 16);
      this.install = between(20, 90);
      this.typical = between(15, 60);
    }

    int between(int least, int most) {
      return least + random.nextInt(most - least + 1);
    }

    private void add(String org, String version, double submitted, Map<String, String> device) {
      add(org, version, submitted, device, List.of(Target.EMULATOR));
    }

    private void add(
        String org,
        String version,
        double submitted,
        Map<String, String> device,
        List<Target> targets) {
      double forecast = typical * Math.exp(SPREAD_OF_JOBS * clipped(2));
      double off = Math.exp(SPREAD_OF_DURATIONS * random.nextGaussian());
      double duration = forecast * Math.min(1 + MOST_OFF, Math.max(1 - MOST_OFF, off));
      jobs.add(
          new Workload.JobSpec(
              "j" + jobs.size(),
              org,
              version,
              version,
              targets,
              device,
              0,
              submitted,
              milli(duration),
              milli(forecast)));
    }

    private double clipped(double most) {
      return Math.min(most, Math.max(-most, random.nextGaussian()));
    }

    private static double milli(double seconds) {
      return Math.round(seconds * 1000) / 1000.0;
    }

    private int jobsInAll() {
      return slots * between(20, 40);
    }

    private Workload versions(int count, Function<Integer, Double> weight) {
      add("acme", "v", count, weight, jobsInAll(), 0);
      return done(plainSlots());
    }

    private void add(
        String org,
        String prefix,
        int versions,
        Function<Integer, Double> weight,
        int jobsInAll,
        double at) {
      double sum = IntStream.rangeClosed(1, versions).mapToDouble(weight::apply).sum();
      for (int k = 1; k <= versions; k++) {
        int count = (int) Math.max(1, Math.round(jobsInAll * weight.apply(k) / sum));
        for (int i = 0; i < count; i++) {
          add(org, prefix + k, at, Map.of());
        }
      }
    }

    private Workload manySmall() {
      for (int k = 1; k <= 3 * slots; k++) {
        int count = between(4, 12);
        for (int i = 0; i < count; i++) {
          add("acme", "v" + k, 0, Map.of());
        }
      }
      return done(plainSlots());
    }

    private Workload bursts() {
      double at = 0;
      for (int burst = 1; burst <= 5; burst++) {
        add("acme", "b" + burst + "-", between(2, 6), k -> 1.0 / k, slots * between(3, 8), at);
        at += between(120, 400);
      }
      return done(plainSlots());
    }

    private Workload flood() {
      add("flood", "f", between(4, 8), k -> 1.0, slots * between(30, 40), 0);
      for (int org = 1; org <= 3; org++) {
        double at = between(0, 120);
        for (int burst = 1; burst <= 3; burst++) {
          add("org" + org, "o" + org + "-", 1, k -> 1.0, slots * between(3, 6), at);
          at += between(120, 600);
        }
      }
      return done(plainSlots());
    }

    private Workload wishes() {
      int versions = between(4, 10);
      int count = jobsInAll();
      for (int i = 0; i < count; i++) {
        Map<String, String> wish =
            random.nextInt(3) > 0 ? Map.of() : Map.of("model", "m" + random.nextInt(3));
        add("acme", "v" + random.nextInt(versions), 0, wish);
      }
      return done(
          IntStream.range(0, slots)
              .mapToObj(
                  i ->
                      new Workload.SlotSpec(
                          "s" + i,
                          Target.EMULATOR,
                          Map.of(),
                          Map.of("model", "m" + i % 3),
                          List.of()))
              .toList());
    }

    private Workload targets() {
      int versions = between(4, 10);
      int count = jobsInAll();
      for (int i = 0; i < count; i++) {
        List<Target> targets =
            switch (random.nextInt(5)) {
              case 0 -> List.of(Target.EMULATOR);
              case 1 -> List.of(Target.DEVICE);
              case 2 -> List.of(Target.DEVICE, Target.EMULATOR);
              default -> List.of(Target.EMULATOR, Target.DEVICE);
            };
        add("acme", "v" + random.nextInt(versions), 0, Map.of(), targets);
      }
      return done(
          IntStream.range(0, slots)
              .mapToObj(
                  i ->
                      Workload.SlotSpec.plain(
                          "s" + i, i % 3 == 0 ? Target.DEVICE : Target.EMULATOR))
              .toList());
    }

    private Workload failing() {
      add("acme", "v", between(4, 12), k -> 1.0 / k, jobsInAll(), 0);
      return done(
          IntStream.range(0, slots)
              .mapToObj(
                  i -> {
                    double from = between(100, 900);
                    List<Workload.Away> away =
                        i % 3 == 0
                            ? List.of(new Workload.Away(from, from + between(60, 300)))
                            : List.of();
                    return new Workload.SlotSpec(
                        "s" + i, Target.EMULATOR, Map.of(), Map.of(), away);
                  })
              .toList());
    }

    private List<Workload.SlotSpec> plainSlots() {
      return IntStream.range(0, slots)
          .mapToObj(i -> Workload.SlotSpec.plain("s" + i, Target.EMULATOR))
          .toList();
    }

    private Workload done(List<Workload.SlotSpec> all) {
      return new Workload(
          all, jobs, Map.of(Target.EMULATOR, install, Target.DEVICE, install), Map.of());
    }
  }

  /** All families. */
  static Stream<Families> all() {
    return Stream.of(values());
  }
}
