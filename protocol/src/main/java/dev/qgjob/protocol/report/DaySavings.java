package dev.qgjob.protocol.report;

import org.jspecify.annotations.Nullable;

/**
 * What was installed on a day, and what stock AppWright would have installed.
 *
 * @param day in UTC, such as {@code 2026-01-02}
 * @param savedS seconds that the installs would have taken that were not made, by the measured time
 *     of one; null where nothing ended
 */
public record DaySavings(String day, int installs, int stockInstalls, @Nullable Long savedS) {}
