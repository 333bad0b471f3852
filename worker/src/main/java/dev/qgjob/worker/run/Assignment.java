package dev.qgjob.worker.run;

import dev.qgjob.protocol.Part;
import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.TestRef;
import dev.qgjob.protocol.lease.AppBinary;
import dev.qgjob.protocol.lease.Grant;
import dev.qgjob.protocol.lease.RunSpecification;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One job's attempt, as a claim granted it.
 *
 * @param attempt 1 for the first execution of the job
 * @param testPath the spec, relative to {@code projectDir}, forward slashes
 * @param projectDir folder of the AppWright project inside the bundle; empty for its root
 * @param configFile AppWright's config, relative to {@code projectDir}
 * @param projectName name of the project in that config
 * @param stock run AppWright as it is, with an install for every test: nothing is spared
 * @param filter the tests of the spec that are asked for
 * @param timeout for this job alone, from its first test to its last
 * @param environment what the submitter wants in the environment of the tests; never printed
 * @param secrets the same, and taken out of all that is kept
 * @param only the tests of the spec that the attempt is about; empty: all
 * @param part of the spec's tests that it is about where {@code only} names none; null: all
 * @param binaries the files of the app's build; empty: {@code app} is its only one
 */
public record Assignment(
    String jobId,
    String runId,
    int attempt,
    String testPath,
    String projectDir,
    String configFile,
    String projectName,
    String bundleSha256,
    App app,
    Target target,
    ResetPolicy reset,
    boolean stock,
    TestFilter filter,
    Duration timeout,
    Map<String, String> environment,
    Map<String, String> secrets,
    List<TestRef> only,
    @Nullable Part part,
    List<Binary> binaries) {

  public Assignment {
    Checks.plainFileName("job id", jobId);
    if (attempt < 1) {
      throw new IllegalArgumentException("attempt counts from 1: " + attempt);
    }
    if (testPath.isBlank()) {
      throw new IllegalArgumentException("test path is empty");
    }
    Checks.insidePath("test path", testPath);
    Checks.insidePath("project folder", projectDir);
    Checks.insidePath("config file", configFile);
    if (projectName.startsWith("-")) {
      throw new IllegalArgumentException("project name looks like an option: " + projectName);
    }
    Checks.sha256("bundle sha256", bundleSha256);
    Objects.requireNonNull(app);
    Objects.requireNonNull(target);
    Objects.requireNonNull(reset);
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout must be positive: " + timeout);
    }
    environment = Map.copyOf(environment);
    secrets = Map.copyOf(secrets);
    only = List.copyOf(only);
    binaries = List.copyOf(binaries);
    if (part != null && (part.of() < 2 || part.number() < 1 || part.number() > part.of())) {
      throw new IllegalArgumentException("there is no " + part);
    }
  }

  /**
   * The assignment that a grant makes.
   *
   * @throws IllegalArgumentException when the server granted something that cannot be run safely
   */
  public static Assignment of(Grant grant) {
    RunSpecification run = grant.run();
    return new Assignment(
        grant.jobId(),
        grant.runId(),
        grant.attempt(),
        run.testPath(),
        run.projectDir(),
        run.config(),
        run.project(),
        run.bundleSha256(),
        new App(run.appSha256(), run.appFileName(), run.packageName()),
        run.target(),
        run.reset(),
        run.stock(),
        new TestFilter(run.grep(), run.grepInvert()),
        Duration.ofSeconds(run.timeoutS()),
        run.environment(),
        run.secrets(),
        grant.only(),
        run.part(),
        binaries(run.binaries()));
  }

  private static List<Binary> binaries(@Nullable List<AppBinary> binaries) {
    return binaries == null
        ? List.of()
        : binaries.stream()
            .map(
                file ->
                    new Binary(
                        new App(file.sha256(), file.fileName(), file.packageName()), file.abis()))
            .toList();
  }

  /** What the tests find in their environment. */
  public Map<String, String> variables() {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(secrets);
    return all;
  }

  /** Whether both can share one Playwright process. */
  public boolean runsWith(Assignment other) {
    return bundleSha256.equals(other.bundleSha256)
        && projectDir.equals(other.projectDir)
        && configFile.equals(other.configFile)
        && projectName.equals(other.projectName)
        && app.equals(other.app)
        && target == other.target
        && reset == other.reset
        && stock == other.stock
        && filter.equals(other.filter)
        && environment.equals(other.environment)
        && secrets.equals(other.secrets)
        && part == null
        && other.part == null
        && !testPath.equals(other.testPath);
  }

  /** Without the environment's values, which may be secrets. */
  @Override
  public String toString() {
    return "Assignment["
        + jobId
        + " attempt "
        + attempt
        + ", "
        + testPath
        + " in "
        + projectName
        + " on "
        + target
        + ", app "
        + app.sha256().substring(0, 12)
        + "]";
  }
}
