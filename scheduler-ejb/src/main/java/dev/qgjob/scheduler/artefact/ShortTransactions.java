package dev.qgjob.scheduler.artefact;

import dev.qgjob.domain.artefact.ArtefactLimits;
import dev.qgjob.domain.artefact.ArtefactStore;
import dev.qgjob.domain.artefact.Artefacts.Upload;
import dev.qgjob.domain.report.Artefact;
import dev.qgjob.scheduler.database.Transactions;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** Each call of the store is a transaction of its own. */
final class ShortTransactions implements ArtefactStore {
  private final ArtefactStore store;
  private final Transactions transactions;

  ShortTransactions(ArtefactStore store, Transactions transactions) {
    this.store = store;
    this.transactions = transactions;
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

  @Override
  public Set<String> owned(String orgId, Collection<String> sha256s) {
    return in(() -> store.owned(orgId, sha256s));
  }

  @Override
  public void own(String orgId, String sha256, long size) {
    in(
        () -> {
          store.own(orgId, sha256, size);
          return true;
        });
  }

  @Override
  public boolean mayRead(String workerId, String sha256) {
    return in(() -> store.mayRead(workerId, sha256));
  }

  @Override
  public void idle(String sha256) {
    in(
        () -> {
          store.idle(sha256);
          return true;
        });
  }

  @Override
  public Optional<Usage> usage(String workerId, String jobId, int attempt, String leaseToken) {
    return in(() -> store.usage(workerId, jobId, attempt, leaseToken));
  }

  @Override
  public Upload attach(
      String workerId, Artefact artefact, String leaseToken, ArtefactLimits limits) {
    return in(() -> store.attach(workerId, artefact, leaseToken, limits));
  }

  @Override
  public Upload append(
      String workerId, String jobId, int attempt, String leaseToken, int from, byte[] piece) {
    return in(() -> store.append(workerId, jobId, attempt, leaseToken, from, piece));
  }

  @Override
  public byte[] printed(String jobId, int attempt, long from) {
    return in(() -> store.printed(jobId, attempt, from));
  }

  @Override
  public Optional<Artefact> attached(String jobId, int attempt, String name) {
    return in(() -> store.attached(jobId, attempt, name));
  }

  @Override
  public Optional<String> orgOf(String jobId) {
    return in(() -> store.orgOf(jobId));
  }
}
