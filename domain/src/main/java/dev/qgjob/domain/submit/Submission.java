package dev.qgjob.domain.submit;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.report.ResetPolicy;
import dev.qgjob.domain.report.TestFilter;
import dev.qgjob.domain.report.TestRef;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a submitter asks for, unchecked.
 *
 * @param project of the config, where {@code projects} names no other
 * @param targets where its jobs may run, in order of preference
 * @param secrets variables that only the {@link Vault} can read; null: none
 * @param jobs all with a target of their own, or none
 * @param only the tests that it is about, by spec; a spec that is missing is run as a whole
 * @param splitSpecs a spec that is longer than the run has to be may be divided among several jobs
 * @param reset null: clear-data, but for specs that are known to leak state; a policy that is named
 *     holds for all, and {@code CLEAR_DATA} forgets what is known of them
 * @param device capabilities that a slot has to have; empty: any slot
 * @param resources names of the org's scarce resources that each job uses one of
 * @param waitForDevice wait where no live slot has them; otherwise that is told at once
 * @param abandonedAfter cancel the run when nobody has waited for it for so long; null: never
 * @param appSha256 the app's first file, or a build that the app version has; null: its newest
 * @param furtherFiles of the same build: the app for other ABIs, and companions
 * @param labels what people find and group runs by
 * @param idempotencyKey null: every submission is a new one
 * @param bodyHash tells a repeat from another submission under the same key
 */
public record Submission(
    @Nullable String orgId,
    String appVersionId,
    @Nullable String appSha256,
    @Nullable String appFileName,
    List<BuildFile> furtherFiles,
    String bundleSha256,
    String projectDir,
    String config,
    String project,
    List<Target> targets,
    Map<Target, String> projects,
    List<WantedJob> jobs,
    Map<String, List<TestRef>> only,
    boolean splitSpecs,
    int priority,
    @Nullable ResetPolicy reset,
    int retries,
    int timeoutS,
    boolean stock,
    @Nullable String name,
    TestFilter filter,
    Map<String, String> environment,
    @Nullable String secrets,
    Map<String, String> labels,
    Map<String, String> device,
    Set<String> resources,
    boolean waitForDevice,
    @Nullable Duration abandonedAfter,
    @Nullable String idempotencyKey,
    String bodyHash) {
  public Submission {
    furtherFiles = List.copyOf(furtherFiles);
    targets = List.copyOf(targets);
    projects = Map.copyOf(projects);
    jobs = List.copyOf(jobs);
    only = Map.copyOf(only);
    environment = Map.copyOf(environment);
    labels = Map.copyOf(labels);
    device = Map.copyOf(device);
    resources = Set.copyOf(resources);
  }

  /** Without labels, as the same project on all targets. */
  public Submission(
      @Nullable String orgId,
      String appVersionId,
      @Nullable String appSha256,
      @Nullable String appFileName,
      String bundleSha256,
      String projectDir,
      String config,
      String project,
      List<Target> targets,
      List<String> tests,
      int priority,
      @Nullable ResetPolicy reset,
      int retries,
      int timeoutS,
      boolean stock,
      @Nullable String name,
      Map<String, String> environment,
      Map<String, String> device,
      boolean waitForDevice,
      @Nullable String idempotencyKey,
      String bodyHash) {
    this(
        orgId,
        appVersionId,
        appSha256,
        appFileName,
        List.of(),
        bundleSha256,
        projectDir,
        config,
        project,
        targets,
        Map.of(),
        tests.stream().map(WantedJob::new).toList(),
        Map.of(),
        false,
        priority,
        reset,
        retries,
        timeoutS,
        stock,
        name,
        TestFilter.ALL,
        environment,
        null,
        Map.of(),
        device,
        Set.of(),
        waitForDevice,
        null,
        idempotencyKey,
        bodyHash);
  }

  /** The same, for a slot that has these capabilities too. */
  Submission wishing(Map<String, String> also) {
    Map<String, String> all = new HashMap<>(device);
    all.putAll(also);
    return new Submission(
        orgId,
        appVersionId,
        appSha256,
        appFileName,
        furtherFiles,
        bundleSha256,
        projectDir,
        config,
        project,
        targets,
        projects,
        jobs,
        only,
        splitSpecs,
        priority,
        reset,
        retries,
        timeoutS,
        stock,
        name,
        filter,
        environment,
        secrets,
        labels,
        all,
        resources,
        waitForDevice,
        abandonedAfter,
        idempotencyKey,
        bodyHash);
  }

  /** Its jobs stay on the targets that they were submitted for. */
  public boolean eachOnItsTarget() {
    return jobs.stream().anyMatch(job -> job.target() != null);
  }
}
