package dev.qgjob.scheduler.database;

import jakarta.persistence.EntityManager;
import java.util.List;
import org.hibernate.Session;

/**
 * Writes new rows, many of a kind as one statement of JDBC. Only many: MySQL's driver prepares the
 * statement of a batch anew each time, which costs a single row two more ways to the database.
 */
public final class Batches {
  private static final int ROWS = 100;

  private Batches() {}

  /** Inserts these rows, all of one entity, and leaves nothing managed. */
  public static void insert(EntityManager entities, List<?> rows) {
    if (rows.isEmpty()) {
      return;
    }
    Session session = entities.unwrap(Session.class);
    Integer before = session.getJdbcBatchSize();
    session.setJdbcBatchSize(rows.size() > 1 ? ROWS : 1);
    try {
      rows.forEach(session::persist);
      session.flush();
    } finally {
      session.setJdbcBatchSize(before);
    }
    session.clear();
  }
}
