package dev.qgjob.domain.report;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of one submission and what they have in common.
 *
 * @param project of the config, on the first target
 * @param target where its jobs were queued first
 * @param projects the targets that its jobs may run on, and the project of the config there; empty:
 *     the first one alone
 * @param secrets variables of its jobs that only the {@link dev.qgjob.domain.submit.Vault} can
 *     read; null: none
 * @param only the tests that it is about, by spec; a spec that is missing is run as a whole
 * @param eachOnItsTarget its jobs stay on the target that they were submitted for
 * @param device capabilities that a slot of its jobs has to have; empty: any slot
 * @param resources names of its org's resources: each of its jobs uses one of each while it runs
 * @param timeout how long one job may run
 * @param labels what people find and group runs by
 */
public record Run(
    String id,
    String orgId,
    String appVersionId,
    int build,
    String bundleSha256,
    String projectDir,
    String config,
    String project,
    Target target,
    Map<Target, String> projects,
    boolean eachOnItsTarget,
    Map<String, List<TestRef>> only,
    int priority,
    ResetPolicy reset,
    int retries,
    Duration timeout,
    boolean stock,
    @Nullable String name,
    TestFilter filter,
    Map<String, String> environment,
    @Nullable String secrets,
    Map<String, String> labels,
    Map<String, String> device,
    Set<String> resources,
    Instant createdAt) {
  public Run {
    environment = Map.copyOf(environment);
    labels = Map.copyOf(labels);
    projects = projects.isEmpty() ? Map.of(target, project) : Map.copyOf(projects);
    device = Map.copyOf(device);
    resources = Set.copyOf(resources);
    only = Map.copyOf(only);
  }

  /** Without labels and resources, on one target. */
  public Run(
      String id,
      String orgId,
      String appVersionId,
      int build,
      String bundleSha256,
      String projectDir,
      String config,
      String project,
      Target target,
      int priority,
      ResetPolicy reset,
      int retries,
      Duration timeout,
      boolean stock,
      @Nullable String name,
      Map<String, String> environment,
      Map<String, String> device,
      Instant createdAt) {
    this(
        id,
        orgId,
        appVersionId,
        build,
        bundleSha256,
        projectDir,
        config,
        project,
        target,
        Map.of(),
        false,
        Map.of(),
        priority,
        reset,
        retries,
        timeout,
        stock,
        name,
        TestFilter.ALL,
        environment,
        null,
        Map.of(),
        device,
        Set.of(),
        createdAt);
  }

  /** True where a job that waits on one target may go on to another. */
  public boolean jobsMayMove() {
    return projects.size() > 1 && !eachOnItsTarget;
  }

  /** The project of the config that its jobs run as on this target. */
  public String projectOn(Target where) {
    return projects.getOrDefault(where, project);
  }

  /** The same resources across orgs. */
  public Set<String> resourceKeys() {
    return resources.stream()
        .map(name -> Resource.key(orgId, name))
        .collect(Collectors.toUnmodifiableSet());
  }
}
