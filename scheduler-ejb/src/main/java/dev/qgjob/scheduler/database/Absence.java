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
          || (cause instanceof SQLException sql && says(sql))) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static boolean says(SQLException e) {
    String state = e.getSQLState();
    String message = e.getMessage();
    return (state != null && state.startsWith("08"))
        // MySQL's driver, to whoever comes second to a connection that broke beneath them; the
        // state that it gives is that of a wrong argument
        || (message != null && message.startsWith("No operations allowed after "));
  }
}
