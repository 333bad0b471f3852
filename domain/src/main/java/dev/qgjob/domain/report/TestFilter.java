package dev.qgjob.domain.report;

import org.jspecify.annotations.Nullable;

/**
 * Which tests of its specs a run is about; the expressions are JavaScript's, and Playwright's to
 * read.
 *
 * @param grep only tests whose title it finds; null: all
 * @param grepInvert without those that it finds; null: none
 */
public record TestFilter(@Nullable String grep, @Nullable String grepInvert) {
  public static final TestFilter ALL = new TestFilter(null, null);
}
