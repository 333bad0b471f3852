package dev.qgjob.lab.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/** Every family, several instances each, through the policy and the baselines. */
final class Experiment {
  private static final double MEAN_STRETCH = 1.04;
  private static final double WORST_STRETCH = 1.15;
  private static final double INSTALL_RATIO = 1.15;
  private static final double LEAST_JAIN = 0.95;

  /** Instances of a family in which forecasts are asked for: each plays the future many times. */
  private static final int MOST_ASKED = 2;

  /** Instances so small that their optimum is found in no time. */
  private static final int SMALL = 60;

  private static final String HEAD = "%-12s %-27s %7s %7s %9s %9s %7s %7s %9s %7s %7s";
  private static final String ROW =
      "%-12s %-27s %7.3f %7.3f %9.3f %9.3f %7.0f %7.0f %9.1f %7.0f %7.3f";

  private final long seed;
  private final int instances;
  private final List<Calibration> asked = new ArrayList<>();
  private final List<Baseline> baselines = new ArrayList<>(List.of(Pull.values()));

  Experiment(long seed, int instances) {
    this.seed = seed;
    this.instances = instances;
    baselines.add(new Plan.WrapAround());
    baselines.add(new Plan.DeppertJansen());
  }

  /** Tells a line of a table for every family and method as it comes. */
  Figures run(Consumer<String> say) {
    Figures figures = new Figures();
    say.accept(
        String.format(
                Locale.ROOT,
                HEAD,
                "family",
                "method",
                "stretch",
                "worst",
                "installs",
                "worst",
                "p50 s",
                "p99 s",
                "slowdown",
                "flow s",
                "jain")
            .stripTrailing());
    List<Measures> atOnce = new ArrayList<>();
    for (Families family : Families.values()) {
      List<Workload> workloads = new ArrayList<>();
      for (int i = 0; i < instances; i++) {
        workloads.add(family.instance(seed + i));
      }
      List<Calibration> forecasts = new ArrayList<>();
      List<Measures> ours = new ArrayList<>();
      for (Workload workload : workloads) {
        ours.add(Measures.of(workload, simulated(workload, forecasts)));
      }
      calibrate(figures, family.id(), forecasts);
      asked.addAll(forecasts);
      say.accept(row(family.id(), "qgjob", ours));
      note(figures, family, ours);
      if (family.atOnce()) {
        atOnce.addAll(ours);
      }
      double bestFlow = Double.POSITIVE_INFINITY;
      for (Baseline baseline : baselines) {
        List<Measures> theirs = measured(baseline, workloads);
        if (!theirs.isEmpty()) {
          say.accept(row("", baseline.told(), theirs));
          bestFlow = Math.min(bestFlow, mean(theirs, Measures::meanFlow));
        }
      }
      figures.add(
          family.id() + " mean flow / best baseline", mean(ours, Measures::meanFlow) / bestFlow);
    }
    figures.atMost("makespan / lower bound, mean", mean(atOnce, Measures::stretch), MEAN_STRETCH);
    figures.atMost(
        "makespan / lower bound, worst", worst(atOnce, Measures::stretch), WORST_STRETCH);
    figures.atMost("installs / least, mean", mean(atOnce, Measures::installRatio), INSTALL_RATIO);
    calibrate(figures, "all families", asked);
    say.accept(
        String.format(
            Locale.ROOT,
            "forecasts of explain: %.3f of the starts within p90, %.3f within p50",
            figures.figures().getOrDefault("all families starts within p90", 0.0),
            figures.figures().getOrDefault("all families starts within p50", 0.0)));
    Small.Beside optimum = Small.besideTheOptimum(seed, SMALL);
    figures.add("makespan / optimum on small instances, mean", optimum.mean());
    figures.add("makespan / optimum on small instances, worst", optimum.worst());
    say.accept(
        String.format(
            Locale.ROOT,
            "makespan / exact optimum on %d small instances: %.3f in the mean, %.3f at worst",
            SMALL,
            optimum.mean(),
            optimum.worst()));
    return figures;
  }

  /** The first few are asked for forecasts as well. */
  private static Outcome simulated(Workload workload, List<Calibration> forecasts) {
    if (forecasts.size() == MOST_ASKED) {
      return Simulation.run(workload);
    }
    Calibration calibration = new Calibration(workload);
    forecasts.add(calibration);
    return Simulation.run(workload, calibration);
  }

  private static void calibrate(Figures figures, String of, List<Calibration> some) {
    double started = some.stream().mapToInt(Calibration::started).sum();
    if (started > 0) {
      figures.add(
          of + " starts within p50",
          some.stream().mapToInt(Calibration::withinP50).sum() / started);
      figures.add(
          of + " starts within p90",
          some.stream().mapToInt(Calibration::withinP90).sum() / started);
    }
  }

  private static List<Measures> measured(Baseline baseline, List<Workload> workloads) {
    List<Measures> all = new ArrayList<>();
    for (Workload workload : workloads) {
      Optional<Outcome> outcome = baseline.schedule(workload);
      outcome.ifPresent(o -> all.add(Measures.of(workload, o)));
    }
    return all;
  }

  private static void note(Figures figures, Families family, List<Measures> ours) {
    String id = family.id();
    figures.add(id + " makespan / lower bound, mean", mean(ours, Measures::stretch));
    figures.add(id + " makespan / lower bound, worst", worst(ours, Measures::stretch));
    figures.add(id + " installs / least, mean", mean(ours, Measures::installRatio));
    figures.add(id + " wait p99, s", mean(ours, Measures::waitP99));
    double jain = ours.stream().mapToDouble(Measures::jain).min().orElse(1);
    if (family == Families.FLOOD) {
      figures.atLeast(id + " Jain's index, least", jain, LEAST_JAIN);
    }
  }

  private static String row(String family, String method, List<Measures> all) {
    return String.format(
        Locale.ROOT,
        ROW,
        family,
        method,
        mean(all, Measures::stretch),
        worst(all, Measures::stretch),
        mean(all, Measures::installRatio),
        worst(all, Measures::installRatio),
        mean(all, Measures::waitP50),
        mean(all, Measures::waitP99),
        worst(all, Measures::maxSlowdown),
        mean(all, Measures::meanFlow),
        all.stream().mapToDouble(Measures::jain).min().orElse(1));
  }

  private static double mean(List<Measures> all, ToDoubleFunction<Measures> of) {
    return all.stream().mapToDouble(of).average().orElse(0);
  }

  private static double worst(List<Measures> all, ToDoubleFunction<Measures> of) {
    return all.stream().mapToDouble(of).max().orElse(0);
  }
}
