package dev.qgjob.scheduler.database;

import com.github.f4b6a3.ulid.UlidCreator;
import java.util.Locale;

/**
 * Ids made by the server: rising with time, so that rows of one moment lie together in an index and
 * a list by id is a list by age. Thread-safe.
 */
public final class Ids {
  private Ids() {}

  /** An id such as {@code job_01jd3v…}. */
  public static String next(String prefix) {
    return prefix + "_" + UlidCreator.getMonotonicUlid().toString().toLowerCase(Locale.ROOT);
  }
}
