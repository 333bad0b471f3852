package dev.qgjob.lab.schedule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Baselines that know everything from the beginning: from the forecasts they make one list of jobs
 * for every slot, and then the durations happen. For workloads whose jobs are all there at the
 * beginning, on like slots that hold nothing.
 */
abstract class Plan implements Baseline {
  private static final int STEPS = 30;

  private final String told;

  private Plan(String told) {
    this.told = told;
  }

  @Override
  public String told() {
    return told;
  }

  @Override
  public Optional<Outcome> schedule(Workload workload) {
    if (!suits(workload)) {
      return Optional.empty();
    }
    double setUp = workload.install(workload.slots().get(0).target());
    List<Family> families = families(workload, setUp);
    double low = 0;
    double high =
        families.stream().mapToDouble(f -> setUp + f.work()).sum() + 1; // one slot does it all
    Optional<List<Lane>> best = lay(families, workload.slots().size(), high);
    for (int i = 0; i < STEPS; i++) {
      double by = (low + high) / 2;
      Optional<List<Lane>> lanes = lay(families, workload.slots().size(), by);
      if (lanes.isPresent()) {
        best = lanes;
        high = by;
      } else {
        low = by;
      }
    }
    return best.map(lanes -> happen(workload, lanes));
  }

  private static boolean suits(Workload workload) {
    return workload.allAtOnce()
        && workload.slots().stream().map(Workload.SlotSpec::target).distinct().count() == 1
        && workload.slots().stream().allMatch(s -> s.holds().isEmpty() && s.away().isEmpty())
        && workload.jobs().stream()
            .allMatch(
                job ->
                    job.packageName().equals(job.appVersion())
                        && workload.slots().stream().allMatch(s -> s.mayRun(job)));
  }

  private static List<Family> families(Workload workload, double setUp) {
    Map<String, List<Workload.JobSpec>> byVersion =
        workload.jobs().stream()
            .collect(
                Collectors.groupingBy(
                    Workload.JobSpec::appVersion, TreeMap::new, Collectors.toList()));
    return byVersion.values().stream()
        .map(
            jobs ->
                new Family(
                    setUp,
                    jobs.stream()
                        .sorted(Comparator.comparingDouble(Plan::length).reversed())
                        .toList()))
        .sorted(Comparator.comparingDouble(Family::work).reversed())
        .toList();
  }

  static double length(Workload.JobSpec job) {
    return job.forecast() > 0 ? job.forecast() : 20;
  }

  /** Jobs that share a set-up, longest first. */
  record Family(double setUp, List<Workload.JobSpec> jobs) {
    double work() {
      return jobs.stream().mapToDouble(Plan::length).sum();
    }
  }

  /** What one slot is to do, in order. */
  static final class Lane {
    final List<Workload.JobSpec> jobs = new ArrayList<>();
    private final Set<String> versions = new HashSet<>();
    double load;

    double cost(Workload.JobSpec job, double setUp) {
      return length(job) + (versions.contains(job.appVersion()) ? 0 : setUp);
    }

    void add(Workload.JobSpec job, double setUp) {
      load += cost(job, setUp);
      versions.add(job.appVersion());
      jobs.add(job);
    }
  }

  static List<Lane> lanes(int count) {
    List<Lane> lanes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      lanes.add(new Lane());
    }
    return lanes;
  }

  /** Lists of jobs for a guess of the makespan; empty if it is too small for this method. */
  abstract Optional<List<Lane>> lay(List<Family> families, int slots, double guess);

  private static Outcome happen(Workload workload, List<Lane> lanes) {
    List<Outcome.Placed> placed = new ArrayList<>();
    for (int i = 0; i < lanes.size(); i++) {
      Workload.SlotSpec slot = workload.slots().get(i);
      Set<String> held = new HashSet<>();
      double at = 0;
      for (Workload.JobSpec job : lanes.get(i).jobs) {
        boolean install = held.add(job.appVersion()) || slot.target().setsUpEachSession();
        double end = at + (install ? workload.install(slot.target()) : 0) + job.duration();
        placed.add(new Outcome.Placed(job.id(), slot.id(), install, at, end));
        at = end;
      }
    }
    placed.sort(Comparator.comparingDouble(Outcome.Placed::start));
    return new Outcome(placed, 0);
  }

  /**
   * The wrap-around of Monma and Potts (Operations Research 41, 1993), jobs left whole: family
   * after family fills slot after slot up to the guess, and is set up anew on the next one.
   */
  static final class WrapAround extends Plan {
    WrapAround() {
      super("Monma-Potts wrap-around");
    }

    @Override
    Optional<List<Lane>> lay(List<Family> families, int slots, double guess) {
      List<Lane> lanes = lanes(slots);
      int lane = 0;
      for (Family family : families) {
        for (Workload.JobSpec job : family.jobs()) {
          while (lane < slots
              && lanes.get(lane).load + lanes.get(lane).cost(job, family.setUp()) > guess) {
            lane++;
          }
          if (lane == slots) {
            return Optional.empty();
          }
          lanes.get(lane).add(job, family.setUp());
        }
      }
      return Optional.of(lanes);
    }
  }

  /**
   * After the 3/2-dual approximation of Deppert and Jansen (SPAA 2019, arXiv 1810.01223) for whole
   * jobs. For a guess T: what is long with its set-up (over T/2) gets slots of its own, each filled
   * with its family beyond T; the short rest of the families with small set-ups fills up what is
   * below T. Nothing that is added on top is longer than T/2.
   */
  static final class DeppertJansen extends Plan {
    DeppertJansen() {
      super("Deppert-Jansen 3/2");
    }

    @Override
    Optional<List<Lane>> lay(List<Family> families, int slots, double guess) {
      List<Lane> lanes = lanes(slots);
      List<Family> rest = new ArrayList<>();
      int used = 0;
      for (Family family : families) {
        int first = used;
        List<Workload.JobSpec> small = new ArrayList<>();
        Lane open = null;
        for (Workload.JobSpec job : family.jobs()) {
          if (family.setUp() + length(job) > guess) {
            return Optional.empty();
          }
          boolean alone = family.setUp() <= guess / 2 && length(job) > guess / 2;
          if (alone || family.setUp() + length(job) > guess / 2) {
            if (alone || open == null || open.load >= guess) {
              if (used == slots) {
                return Optional.empty();
              }
              open = lanes.get(used++);
            }
            open.add(job, family.setUp());
            open = alone ? null : open;
          } else {
            small.add(job);
          }
        }
        for (int lane = first; lane < used; lane++) {
          while (!small.isEmpty() && lanes.get(lane).load < guess) {
            lanes.get(lane).add(small.remove(0), family.setUp());
          }
        }
        if (!small.isEmpty()) {
          rest.add(new Family(family.setUp(), small));
        }
      }
      return fill(lanes, rest, guess) ? Optional.of(lanes) : Optional.empty();
    }

    /** The lane with the least room first, so that those without anything come last. */
    private static boolean fill(List<Lane> lanes, List<Family> rest, double guess) {
      int lane = 0;
      for (Family family : rest) {
        for (Workload.JobSpec job : family.jobs()) {
          while (lane < lanes.size() && lanes.get(lane).load >= guess) {
            lane++;
          }
          if (lane == lanes.size()) {
            return false;
          }
          lanes.get(lane).add(job, family.setUp());
        }
      }
      return true;
    }
  }
}
