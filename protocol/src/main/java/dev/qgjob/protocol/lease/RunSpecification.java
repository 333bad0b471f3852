package dev.qgjob.protocol.lease;

import dev.qgjob.protocol.Part;
import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.Wire;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a worker needs to run a job.
 *
 * @param part of the spec's tests that the job is about; absent: all
 * @param appSha256 the build: the app binary, fetched as a blob, unless there are {@code binaries}
 * @param grep only tests whose title this JavaScript regular expression finds; absent: all
 * @param grepInvert without those that this one finds; absent: none
 * @param timeoutS seconds that the job may run
 * @param environment variables for the spec's process
 * @param secrets the same, taken out of everything that is kept of the run
 * @param binaries the files of a build that has several, of which no one has the build's digest;
 *     absent: it is the app binary alone
 */
public record RunSpecification(
    String orgId,
    String appVersionId,
    int build,
    String testPath,
    @Nullable Part part,
    String bundleSha256,
    String projectDir,
    String config,
    String project,
    Target target,
    String appSha256,
    String appFileName,
    String packageName,
    ResetPolicy reset,
    int timeoutS,
    boolean stock,
    @Nullable String grep,
    @Nullable String grepInvert,
    Map<String, String> environment,
    Map<String, String> secrets,
    @Nullable List<AppBinary> binaries) {
  public RunSpecification {
    environment = Wire.orEmpty(environment);
    secrets = Wire.orEmpty(secrets);
    binaries = binaries == null ? null : List.copyOf(binaries);
  }
}
