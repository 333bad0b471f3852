package dev.qgjob.scheduler.database;

import jakarta.transaction.Status;
import jakarta.transaction.UserTransaction;
import java.util.concurrent.Callable;

/**
 * Runs work as one transaction, and the whole of it again, at most three times, where another
 * transaction got in its way (deadlock, lock timeout, a key that was taken meanwhile): the one
 * place where that is done. The work must do all that matters through the transaction.
 */
public final class Transactions {
  static final int MOST_TRIES = 3;

  private final UserTransaction transaction;

  public Transactions(UserTransaction transaction) {
    this.transaction = transaction;
  }

  /** Throws what the work throws, or what the commit does. */
  public <T> T call(Callable<T> work) throws Exception {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(work);
      } catch (Exception e) {
        if (attempt == MOST_TRIES || !Contention.isIn(e)) {
          throw e;
        }
      }
    }
  }

  private <T> T once(Callable<T> work) throws Exception {
    transaction.begin();
    try {
      T result = work.call();
      transaction.commit();
      return result;
    } finally {
      if (transaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
        transaction.rollback();
      }
    }
  }
}
