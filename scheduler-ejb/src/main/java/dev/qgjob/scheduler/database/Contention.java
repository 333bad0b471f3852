package dev.qgjob.scheduler.database;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells a transaction that only met another one from one that is wrong. */
final class Contention {
  /** Serialization failure, of which a deadlock's victim is told, on every database. */
  private static final String SERIALIZATION_FAILURE = "40001";

  /**
   * MySQL: lock wait timeout, deadlock, duplicate key; H2: lock timeout, deadlock, concurrent
   * update, duplicate key. A duplicate key is a lost race as well: each writer looks first, and
   * will find the other's row when it looks again.
   */
  private static final Set<Integer> CODES = Set.of(1205, 1213, 1062, 50200, 40001, 90131, 23505);

  private static final int DEEPEST = 20;

  private Contention() {}

  static boolean isIn(Throwable failure) {
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof SQLException sql
          && (SERIALIZATION_FAILURE.equals(sql.getSQLState())
              || CODES.contains(sql.getErrorCode()))) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
