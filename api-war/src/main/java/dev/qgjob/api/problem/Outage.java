package dev.qgjob.api.problem;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import org.jspecify.annotations.Nullable;

/** Tells a database that is away or overloaded, where a repeat may help, from a bug. */
final class Outage {
  private static final int DEEPEST = 20;

  private Outage() {}

  static boolean isBehind(Throwable thrown) {
    @Nullable Throwable cause = thrown;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (isConnector(cause) || (cause instanceof SQLException sql && isAway(sql))) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static boolean isAway(SQLException e) {
    String state = e.getSQLState();
    return e instanceof SQLTransientException
        || e instanceof SQLNonTransientConnectionException
        || e instanceof SQLRecoverableException
        || (state != null && isAway(state));
  }

  // 08: connection; 40: rolled back by a deadlock; 90098, 90121: H2 was closed; 57P: shut down
  private static boolean isAway(String state) {
    return state.startsWith("08")
        || state.startsWith("40")
        || state.startsWith("57P")
        || state.equals("90098")
        || state.equals("90121");
  }

  // the pool of the application server speaks through the connector architecture
  private static boolean isConnector(Throwable e) {
    return e.getClass().getName().startsWith("jakarta.resource.");
  }
}
