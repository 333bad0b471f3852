package dev.qgjob.lab.schedule;

import dev.qgjob.domain.job.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Workloads so small that their optimum can be found by trying everything. */
final class Small {
  private Small() {}

  static Workload instance(long seed) {
    Random random = new Random(seed);
    int slots = 2 + random.nextInt(2);
    int versions = 2 + random.nextInt(2);
    double install = 5 + random.nextInt(30);
    List<Workload.JobSpec> jobs = new ArrayList<>();
    int count = 6 + random.nextInt(Exact.MOST_JOBS - 5);
    for (int i = 0; i < count; i++) {
      String version = "v" + random.nextInt(versions);
      double duration = 10 + random.nextInt(90);
      jobs.add(
          new Workload.JobSpec(
              "j" + i,
              "acme",
              version,
              version,
              List.of(Target.EMULATOR),
              Map.of(),
              0,
              0,
              duration,
              duration));
    }
    return new Workload(
        IntStream.range(0, slots)
            .mapToObj(i -> Workload.SlotSpec.plain("s" + i, Target.EMULATOR))
            .toList(),
        jobs,
        Map.of(Target.EMULATOR, install),
        Map.of());
  }

  /** The policy's makespan as a multiple of the optimum. */
  record Beside(double mean, double worst) {}

  static Beside besideTheOptimum(long seed, int instances) {
    double sum = 0;
    double worst = 0;
    for (int i = 0; i < instances; i++) {
      Workload workload = instance(seed + i);
      double stretch = Simulation.run(workload).makespan() / Exact.makespan(workload);
      sum += stretch;
      worst = Math.max(worst, stretch);
    }
    return new Beside(sum / instances, worst);
  }
}
