package dev.qgjob.protocol.report;

import org.jspecify.annotations.Nullable;

/**
 * What was installed on a day, and what stock AppWright would have installed.
 *
 * @param day in UTC, such as {@code 2026-01-02}
 * @param savedS seconds that the installs would have taken that were not made; null where none was
 *     measured
 */
public record DaySavings(String day, int installs, int stockInstalls, @Nullable Long savedS) {}
