package dev.qgjob.protocol.submit;

import org.jspecify.annotations.Nullable;

/**
 * The specs of a run once more, as a run of their own with the same project and app build.
 *
 * @param failed only those that did not pass; absent: all
 */
public record RetryRun(@Nullable Boolean failed) {}
