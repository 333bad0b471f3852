package dev.qgjob.lab.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.job.Target;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SimulationTest {
  private final List<Workload.SlotSpec> slots = new ArrayList<>();
  private final List<Workload.JobSpec> jobs = new ArrayList<>();

  private void slot(String id) {
    slots.add(Workload.SlotSpec.plain(id, Target.EMULATOR));
  }

  private void jobs(String org, String version, String packageName, int count, double at) {
    for (int i = 0; i < count; i++) {
      jobs.add(
          new Workload.JobSpec(
              org + "-" + version + "-" + i + "@" + at,
              org,
              version,
              packageName,
              List.of(Target.EMULATOR),
              Map.of(),
              0,
              at,
              10,
              10));
    }
  }

  private Workload workload(Map<String, Workload.OrgSpec> orgs) {
    return new Workload(slots, jobs, Map.of(Target.EMULATOR, 30.0), orgs);
  }

  private Outcome run(Map<String, Workload.OrgSpec> orgs) {
    Workload workload = workload(orgs);
    Outcome outcome = Simulation.run(workload);
    assertThat(ScheduleCheck.problems(workload, outcome.schedule())).isEmpty();
    return outcome;
  }

  @ParameterizedTest
  @EnumSource(Families.class)
  void everyFamilyIsScheduledByTheRulesAndNotBelowTheBound(Families family) {
    Workload workload = family.instance(3);
    Outcome outcome = Simulation.run(workload);
    assertThat(ScheduleCheck.problems(workload, outcome.schedule())).isEmpty();
    assertThat(outcome.makespan()).isGreaterThanOrEqualTo(Bounds.makespan(workload) - 1e-3);
    assertThat(outcome.installs())
        .isGreaterThanOrEqualTo(Bounds.installs(workload, outcome.makespan()));
  }

  @Test
  void toAskForForecastsChangesNothing() {
    Workload workload = Families.WISHES.instance(3);
    Calibration calibration = new Calibration(workload);
    assertThat(Simulation.run(workload, calibration)).isEqualTo(Simulation.run(workload));
    assertThat(calibration.started()).isPositive();
  }

  @Test
  void theSameWorkloadIsScheduledTheSameWayAgain() {
    Workload workload = Families.FAILING.instance(3);
    assertThat(Simulation.run(workload)).isEqualTo(Simulation.run(workload));
  }

  @ParameterizedTest
  @EnumSource(Pull.class)
  void theBaselinesKeepTheRulesToo(Pull baseline) {
    Workload workload = Families.FAILING.instance(3);
    Outcome outcome = baseline.schedule(workload).orElseThrow();
    assertThat(ScheduleCheck.problems(workload, outcome.schedule())).isEmpty();
  }

  @Test
  void twoBuildsOfAPackageShareASlotWithoutAnInstallPerJob() {
    slot("s1");
    for (int at = 0; at < 1500; at += 20) {
      jobs("acme", "v1", "com.acme", 1, at);
      jobs("acme", "v2", "com.acme", 1, at);
    }
    Outcome outcome = run(Map.of());
    assertThat(outcome.installs()).as("150 jobs").isLessThan(15);
    assertThat(outcome.schedule()).hasSize(150);
  }

  @Test
  void anOrgOfWeightZeroGetsWhatNobodyElseWants() {
    slot("s1");
    jobs("idle", "v1", "v1", 5, 0);
    jobs("acme", "v2", "v2", 5, 0);
    List<String> order =
        run(Map.of("idle", new Workload.OrgSpec(0, 1))).schedule().stream()
            .map(p -> p.job().substring(0, 4))
            .toList();
    assertThat(order)
        .isEqualTo(
            Stream.concat(
                    Stream.generate(() -> "acme").limit(5), Stream.generate(() -> "idle").limit(5))
                .toList());
  }

  @Test
  void aCapHolds() {
    for (int i = 0; i < 4; i++) {
      slot("s" + i);
    }
    jobs("acme", "v1", "v1", 40, 0);
    List<Outcome.Placed> schedule = run(Map.of("acme", new Workload.OrgSpec(1, 2))).schedule();
    for (Outcome.Placed p : schedule) {
      assertThat(schedule.stream().filter(q -> q.start() <= p.start() && p.start() < q.end()))
          .hasSizeLessThanOrEqualTo(2);
    }
  }

  @Test
  void aFloodDoesNotKeepOthersFromTheirPart() {
    for (int i = 0; i < 4; i++) {
      slot("s" + i);
    }
    jobs("flood", "v1", "v1", 300, 0);
    jobs("acme", "v2", "v2", 60, 50);
    Workload workload = workload(Map.of());
    Outcome outcome = Simulation.run(workload);
    assertThat(Fairness.jain(workload, outcome)).isGreaterThan(0.95);
  }

  @Test
  void aSlotThatFlapsLosesNoJob() {
    slot("s1");
    List<Workload.Away> away = new ArrayList<>();
    for (int at = 100; at < 500; at += 200) {
      away.add(new Workload.Away(at, at + 5));
    }
    slots.add(new Workload.SlotSpec("s2", Target.EMULATOR, Map.of(), Map.of(), away));
    jobs("acme", "v1", "v1", 60, 0);
    run(Map.of());
  }

  @Test
  void aVersionOfAHundredThousandJobsIsNoWorseThanASmallOne() {
    for (int i = 0; i < 40; i++) {
      slot("s" + i);
    }
    jobs("acme", "v1", "v1", 100_000, 0);
    jobs("other", "v2", "v2", 100, 1_000);
    Workload workload = workload(Map.of());
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long began = threads.getCurrentThreadCpuTime();
    Outcome outcome = Simulation.run(workload);
    assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - began))
        .as("a tick reads heads, not the queue")
        .isLessThan(Duration.ofMinutes(2));
    assertThat(outcome.schedule()).hasSize(100_100);
    assertThat(outcome.makespan()).isLessThan(1.01 * Bounds.makespan(workload));
    assertThat(outcome.installs()).isLessThan(100);
    assertThat(
            outcome.schedule().stream()
                .filter(p -> p.job().startsWith("other"))
                .mapToDouble(Outcome.Placed::end)
                .max()
                .orElseThrow())
        .as("a hundred jobs beside them")
        .isLessThan(2_000);
  }

  /** As wrong as that, a plan is worth nothing; what is left is to keep the slots at work. */
  @ParameterizedTest
  @EnumSource(
      value = Families.class,
      names = {"UNIFORM", "ZIPF_1", "FEW_BIG", "MANY_SMALL"})
  void withForecastsThatAreWildlyWrongTheMakespanStaysWithinTwiceTheBound(Families family) {
    for (long seed = 1; seed <= 3; seed++) {
      Workload workload = wildlyWrong(family.instance(seed), new Random(seed));
      Outcome outcome = Simulation.run(workload);
      assertThat(ScheduleCheck.problems(workload, outcome.schedule())).isEmpty();
      assertThat(outcome.makespan() / Bounds.makespan(workload))
          .as("%s, seed %s", family, seed)
          .isLessThan(2);
    }
  }

  /** Forecasts from a hundredth to a hundred times of what the jobs take. */
  private static Workload wildlyWrong(Workload workload, Random random) {
    List<Workload.JobSpec> wrong = new ArrayList<>();
    for (Workload.JobSpec job : workload.jobs()) {
      wrong.add(
          new Workload.JobSpec(
              job.id(),
              job.org(),
              job.appVersion(),
              job.packageName(),
              job.targets(),
              job.device(),
              job.priority(),
              job.submitted(),
              job.duration(),
              job.duration() * Math.pow(10, 4 * random.nextDouble() - 2)));
    }
    return new Workload(workload.slots(), wrong, workload.installs(), workload.orgs());
  }

  @Test
  void withoutForecastsTheMeanOfTheGroupIsUsed() {
    slot("s1");
    slot("s2");
    for (int i = 0; i < 20; i++) {
      jobs.add(
          new Workload.JobSpec(
              "j" + i, "acme", "v1", "v1", List.of(Target.EMULATOR), Map.of(), 0, 0, 15, 0));
    }
    assertThat(run(Map.of()).makespan()).isLessThan(220);
  }
}
