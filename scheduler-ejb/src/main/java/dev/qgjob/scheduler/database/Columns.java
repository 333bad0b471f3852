package dev.qgjob.scheduler.database;

import org.jspecify.annotations.Nullable;

/** Sizes of columns that both databases agree on. */
public final class Columns {
  /** Characters of a long text: {@code mediumtext} on MySQL, a long varchar on H2. */
  public static final int LONG_TEXT = 1_000_000;

  /**
   * What a person would read of a message; the attempt's report, among its files, has the whole.
   */
  private static final int READABLE = 100_000;

  private Columns() {}

  /** The text, cut where nobody reads on. */
  public static @Nullable String readable(@Nullable String text) {
    return text == null || text.length() <= READABLE
        ? text
        : text.substring(0, READABLE) + "… (cut)";
  }
}
