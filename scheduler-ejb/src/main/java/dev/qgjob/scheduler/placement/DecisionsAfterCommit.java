package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.placement.Decided;
import dev.qgjob.domain.placement.DecisionLog;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;

/** Passes on what a transaction decided after its commit, and never otherwise. */
final class DecisionsAfterCommit implements DecisionLog {
  private final TransactionSynchronizationRegistry transactions;
  private final DecisionLog log;

  DecisionsAfterCommit(TransactionSynchronizationRegistry transactions, DecisionLog log) {
    this.transactions = transactions;
    this.log = log;
  }

  @Override
  public void decided(Decided decided) {
    transactions.registerInterposedSynchronization(
        new Synchronization() {
          @Override
          public void beforeCompletion() {}

          @Override
          public void afterCompletion(int status) {
            if (status == Status.STATUS_COMMITTED) {
              log.decided(decided);
            }
          }
        });
  }
}
