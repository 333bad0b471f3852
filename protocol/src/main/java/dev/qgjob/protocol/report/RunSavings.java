package dev.qgjob.protocol.report;

import org.jspecify.annotations.Nullable;

/**
 * What was installed for a run so far, and what stock AppWright would have installed.
 *
 * @param savedS seconds that the installs would have taken that were not made; null while nothing
 *     has ended
 */
public record RunSavings(String runId, int installs, int stockInstalls, @Nullable Long savedS) {}
