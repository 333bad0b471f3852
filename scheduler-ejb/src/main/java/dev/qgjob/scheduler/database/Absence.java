package dev.qgjob.scheduler.database;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/** Tells a database that cannot be reached from one that says no. */
final class Absence {
  private static final int DEEPEST = 20;

  private Absence() {}

  static boolean isBehind(Throwable failure) {
    @Nullable Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof SQLNonTransientConnectionException
          || cause instanceof SQLTransientConnectionException
          || cause instanceof SQLRecoverableException
          // the pool of the application server speaks through the connector architecture
          || cause.getClass().getName().startsWith("jakarta.resource.")
          || (cause instanceof SQLException sql
              && sql.getSQLState() != null
              && sql.getSQLState().startsWith("08"))) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}
