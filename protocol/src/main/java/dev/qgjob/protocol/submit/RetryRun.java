package dev.qgjob.protocol.submit;

/**
 * The specs of a run once more, as a run of their own with the same project and app build.
 *
 * @param failed only those that did not pass
 */
public record RetryRun(boolean failed) {}
