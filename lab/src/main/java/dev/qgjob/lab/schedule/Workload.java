package dev.qgjob.lab.schedule;

import dev.qgjob.domain.job.Target;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is to be scheduled; all times in seconds from the beginning.
 *
 * @param installs how long an install takes, for every target that has slots
 * @param orgs weights and caps of orgs that are not equal to the others
 */
public record Workload(
    List<SlotSpec> slots,
    List<JobSpec> jobs,
    Map<Target, Double> installs,
    Map<String, OrgSpec> orgs) {
  public Workload {
    slots = List.copyOf(slots);
    jobs = List.copyOf(jobs);
    installs = Map.copyOf(installs);
    orgs = Map.copyOf(orgs);
  }

  /**
   * A phone or the like.
   *
   * @param holds package to the app version that is on it
   * @param capabilities what a device wish is compared with
   * @param away when it is not there
   */
  public record SlotSpec(
      String id,
      Target target,
      Map<String, String> holds,
      Map<String, String> capabilities,
      List<Away> away) {
    public SlotSpec {
      holds = Map.copyOf(holds);
      capabilities = Map.copyOf(capabilities);
      away = List.copyOf(away);
    }

    /** One that holds nothing, is like its neighbours and never fails. */
    static SlotSpec plain(String id, Target target) {
      return new SlotSpec(id, target, Map.of(), Map.of(), List.of());
    }

    boolean holds(JobSpec job) {
      return job.appVersion().equals(holds.get(job.packageName()));
    }

    boolean mayRun(JobSpec job) {
      return job.targets().contains(target)
          && capabilities.entrySet().containsAll(job.device().entrySet());
    }
  }

  /** A slot fails and comes back. */
  public record Away(double from, double until) {}

  /**
   * One job.
   *
   * @param targets where it may run, the preferred one first
   * @param forecast how long it is expected to run; not positive: nothing is known
   */
  public record JobSpec(
      String id,
      String org,
      String appVersion,
      String packageName,
      List<Target> targets,
      Map<String, String> device,
      int priority,
      double submitted,
      double duration,
      double forecast) {
    public JobSpec {
      targets = List.copyOf(targets);
      device = Map.copyOf(device);
    }
  }

  /** What an org may use. */
  public record OrgSpec(double weight, int cap) {}

  double install(Target target) {
    return installs.getOrDefault(target, 0.0);
  }

  double weight(String org) {
    OrgSpec spec = orgs.get(org);
    return spec == null ? 1 : spec.weight();
  }

  Map<String, JobSpec> jobsById() {
    return jobs.stream().collect(Collectors.toMap(JobSpec::id, job -> job));
  }

  Set<String> orgIds() {
    return jobs.stream().map(JobSpec::org).collect(Collectors.toSet());
  }

  boolean allAtOnce() {
    return jobs.stream().allMatch(job -> job.submitted() == 0);
  }
}
