package dev.qgjob.scheduler.database;

import jakarta.persistence.EntityManager;
import java.util.Arrays;
import java.util.List;
import org.hibernate.Session;

/**
 * Writes new rows, many of a kind as one statement of JDBC, in pieces of a few sizes only: MySQL's
 * driver makes a statement of its own for each number of rows, which the server prepares with all
 * its parameters. Those of these sizes are kept for the next time ({@code prepStmtCacheSqlLimit} in
 * the server's configuration), and any other number would be prepared anew each time.
 */
public final class Batches {
  private static final int[] SIZES = {100, 16, 4, 1};

  private Batches() {}

  /** Inserts these rows, all of one entity, and leaves nothing managed. */
  public static void insert(EntityManager entities, List<?> rows) {
    Session session = entities.unwrap(Session.class);
    Integer before = session.getJdbcBatchSize();
    try {
      int from = 0;
      while (from < rows.size()) {
        int size = size(rows.size() - from);
        session.setJdbcBatchSize(size);
        rows.subList(from, from + size).forEach(session::persist);
        session.flush();
        session.clear();
        from += size;
      }
    } finally {
      session.setJdbcBatchSize(before);
    }
  }

  private static int size(int left) {
    return Arrays.stream(SIZES).filter(size -> size <= left).findFirst().orElseThrow();
  }
}
