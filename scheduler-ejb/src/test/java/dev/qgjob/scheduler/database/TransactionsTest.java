package dev.qgjob.scheduler.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.UserTransaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TransactionsTest {
  private static final SQLException DEADLOCK = new SQLException("deadlock", "40001", 1213);

  private final Recorded transaction = new Recorded();
  private final Transactions transactions = new Transactions(transaction);

  @Test
  void workIsCommitted() throws Exception {
    assertThat(transactions.call(() -> "done")).isEqualTo("done");
    assertThat(transaction.said).containsExactly("begin", "commit");
  }

  @Test
  void aDeadlockIsTriedAgainFromTheBeginning() throws Exception {
    int[] calls = {0};
    String result =
        transactions.call(
            () -> {
              if (++calls[0] < 3) {
                throw new IllegalStateException(DEADLOCK);
              }
              return "done";
            });
    assertThat(result).isEqualTo("done");
    assertThat(transaction.said)
        .containsExactly("begin", "rollback", "begin", "rollback", "begin", "commit");
  }

  @Test
  void threeTriesAndNoMore() {
    assertThatThrownBy(
            () ->
                transactions.call(
                    () -> {
                      throw new IllegalStateException(DEADLOCK);
                    }))
        .hasRootCause(DEADLOCK);
    assertThat(transaction.said).filteredOn("begin"::equals).hasSize(3);
    assertThat(transaction.said).filteredOn("rollback"::equals).hasSize(3);
  }

  @Test
  void aLockTimeoutAtTheCommitIsTriedAgain() throws Exception {
    RollbackException atCommit = new RollbackException("no");
    atCommit.initCause(new SQLException("lock wait timeout", "HY000", 1205));
    transaction.atCommit.add(atCommit);
    assertThat(transactions.call(() -> "done")).isEqualTo("done");
    assertThat(transaction.said).containsExactly("begin", "commit", "begin", "commit");
  }

  @Test
  void anythingElseIsRolledBackAndThrown() {
    IllegalArgumentException wrong = new IllegalArgumentException("wrong");
    assertThatThrownBy(
            () ->
                transactions.call(
                    () -> {
                      throw wrong;
                    }))
        .isSameAs(wrong);
    assertThat(transaction.said).containsExactly("begin", "rollback");
  }

  private static final class Recorded implements UserTransaction {
    final List<String> said = new ArrayList<>();
    final List<RollbackException> atCommit = new ArrayList<>();
    private int status = Status.STATUS_NO_TRANSACTION;

    @Override
    public void begin() {
      said.add("begin");
      status = Status.STATUS_ACTIVE;
    }

    @Override
    public void commit() throws RollbackException {
      said.add("commit");
      status = Status.STATUS_NO_TRANSACTION;
      if (!atCommit.isEmpty()) {
        throw atCommit.remove(0);
      }
    }

    @Override
    public void rollback() {
      said.add("rollback");
      status = Status.STATUS_NO_TRANSACTION;
    }

    @Override
    public void setRollbackOnly() {
      status = Status.STATUS_MARKED_ROLLBACK;
    }

    @Override
    public int getStatus() {
      return status;
    }

    @Override
    public void setTransactionTimeout(int seconds) {
      throw new UnsupportedOperationException();
    }
  }
}
