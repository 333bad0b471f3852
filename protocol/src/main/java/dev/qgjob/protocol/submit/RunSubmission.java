package dev.qgjob.protocol.submit;

import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.Wire;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One {@code submit}: a job for each test.
 *
 * @param orgId must match the token's org where given
 * @param appVersionId what the submitter calls the version: 1 to 128 characters
 * @param app the binary; absent: the latest build that the app version has
 * @param appVariants the same app for other ABIs than {@code app} is for: at most 10; absent: none
 * @param companions apps of other packages that have to be on the phone as well: at most 10;
 *     absent: none
 * @param bundleSha256 the packed AppWright project, uploaded before
 * @param projectDir folder of the AppWright project within the bundle; {@code .} for its root
 * @param config the AppWright config's file name within {@code projectDir}
 * @param project name of the project in that config
 * @param targets in order of preference; the first that has live slots is used, else the first. A
 *     job goes on to another one of them while it waits and would end sooner there
 * @param eachTarget a job for each test on each of the targets, where it stays; absent: one job for
 *     each test
 * @param projects by target, where it is another than {@code project} there; absent: nowhere
 * @param tests spec files, relative to {@code projectDir}, with forward slashes
 * @param splitSpecs a spec that is measured to take longer than the run has to may be divided by
 *     test among several jobs; not with {@code eachTarget}. Tests that are serial or share a device
 *     stay together
 * @param priority orders jobs within an org: -100 to 100, higher first
 * @param reset default {@code clear-data}
 * @param retries how often a job whose test failed is tried again: 0 to 10
 * @param timeoutS seconds that one job may run: 1 to 86,400; default 1,800
 * @param stock run AppWright as it is, with its reinstall for every test
 * @param grep only tests whose title this JavaScript regular expression finds: at most 1,000
 *     characters; absent: all. A spec without any is skipped
 * @param grepInvert without those that this one finds; absent: none
 * @param environment variables for the spec's process
 * @param secrets the same, kept under lock: nothing shows them again; absent: none
 * @param labels what people find and group runs by: at most 20, names of 1 to 64 characters
 * @param device capabilities that a slot has to have, as {@code GET /slots} shows them; absent: any
 * @param waitForDevice wait even where no live slot has them; otherwise that is refused at once
 * @param resources names of the org's scarce resources, of which each job uses one while it runs
 * @param abandonedAfterS cancel the run when nobody has told for so many seconds that they wait for
 *     it: 60 to 86,400; absent: never
 */
public record RunSubmission(
    @Nullable String orgId,
    String appVersionId,
    @Nullable AppFile app,
    @Nullable List<AppFile> appVariants,
    @Nullable List<AppFile> companions,
    String bundleSha256,
    @Nullable String projectDir,
    String config,
    String project,
    List<Target> targets,
    @Nullable Boolean eachTarget,
    @Nullable Map<Target, String> projects,
    List<String> tests,
    @Nullable Boolean splitSpecs,
    @Nullable Integer priority,
    @Nullable ResetPolicy reset,
    @Nullable Integer retries,
    @Nullable Integer timeoutS,
    @Nullable Boolean stock,
    @Nullable String name,
    @Nullable String grep,
    @Nullable String grepInvert,
    Map<String, String> environment,
    @Nullable Map<String, String> secrets,
    Map<String, String> labels,
    @Nullable Map<String, String> device,
    @Nullable Boolean waitForDevice,
    @Nullable List<String> resources,
    @Nullable Integer abandonedAfterS) {
  public RunSubmission {
    appVariants = appVariants == null ? null : List.copyOf(appVariants);
    companions = companions == null ? null : List.copyOf(companions);
    targets = Wire.orEmpty(targets);
    projects = projects == null ? null : Map.copyOf(projects);
    tests = Wire.orEmpty(tests);
    environment = Wire.orEmpty(environment);
    secrets = secrets == null ? null : Map.copyOf(secrets);
    labels = Wire.orEmpty(labels);
    resources = resources == null ? null : List.copyOf(resources);
    device = device == null ? null : Map.copyOf(device);
  }

  /** The same without the values of the secrets: what may be shown, hashed and compared. */
  public RunSubmission masked() {
    if (secrets == null) {
      return this;
    }
    Map<String, String> names = new TreeMap<>();
    secrets.keySet().forEach(name -> names.put(name, "***"));
    return new RunSubmission(
        orgId,
        appVersionId,
        app,
        appVariants,
        companions,
        bundleSha256,
        projectDir,
        config,
        project,
        targets,
        eachTarget,
        projects,
        tests,
        splitSpecs,
        priority,
        reset,
        retries,
        timeoutS,
        stock,
        name,
        grep,
        grepInvert,
        environment,
        names,
        labels,
        device,
        waitForDevice,
        resources,
        abandonedAfterS);
  }

  /** Without secrets and what the environment holds. */
  @Override
  public String toString() {
    return "RunSubmission[" + appVersionId + ", " + tests + " on " + targets + "]";
  }
}
