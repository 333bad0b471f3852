package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Dispatching;
import dev.qgjob.scheduler.database.Transactions;
import java.util.concurrent.Callable;

/** Each tick and each sweep a transaction of its own. */
final class InTransactions implements Dispatching {
  private final Dispatching dispatcher;
  private final Transactions transactions;

  InTransactions(Dispatching dispatcher, Transactions transactions) {
    this.dispatcher = dispatcher;
    this.transactions = transactions;
  }

  @Override
  public TickResult tick(Target target) {
    return in(() -> dispatcher.tick(target));
  }

  @Override
  public int sweep() {
    return in(dispatcher::sweep);
  }

  private <T> T in(Callable<T> work) {
    try {
      return transactions.call(work);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
