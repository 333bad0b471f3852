package dev.qgjob.api.submit;

import dev.qgjob.protocol.Target;
import org.jspecify.annotations.Nullable;

/**
 * A job in its plainest form: everything else is as in the app version's newest run.
 *
 * @param orgId must match the token's org where given
 * @param testPath spec file, relative to the AppWright project
 * @param priority -100 to 100; default that of the newest run
 * @param target default that of the newest run
 */
public record JobSubmission(
    @Nullable String orgId,
    String appVersionId,
    String testPath,
    @Nullable Integer priority,
    @Nullable Target target) {}
