package dev.qgjob.scheduler.artefact;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.artefact.ArtefactDesk;
import dev.qgjob.domain.artefact.Artefacts;
import dev.qgjob.scheduler.database.Transactions;
import dev.qgjob.scheduler.setting.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.UserTransaction;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * The artefact desk over files and the database. A call is no transaction, since an upload takes as
 * long as its sender likes: each look into the database is one of its own.
 */
@Stateless
@Local(Artefacts.class)
@TransactionManagement(TransactionManagementType.BEAN)
@SuppressWarnings("NullAway.Init")
public class ArtefactsBean implements Artefacts {
  @PersistenceContext(unitName = "qgjob")
  private EntityManager entities;

  @Resource private UserTransaction transaction;
  private Artefacts desk;

  @PostConstruct
  void start() {
    Settings settings = Settings.current();
    desk =
        new ArtefactDesk(
            new ShortTransactions(new JpaArtefactStore(entities), new Transactions(transaction)),
            Blobs.current(),
            settings.limits());
  }

  @Override
  public List<String> missing(Caller caller, List<String> sha256s) {
    return desk.missing(caller, sha256s);
  }

  @Override
  public Upload store(Caller caller, String sha256, long offset, InputStream body) {
    return desk.store(caller, sha256, offset, body);
  }

  @Override
  public long begun(Caller caller, String sha256) {
    return desk.begun(caller, sha256);
  }

  @Override
  public Optional<Content> open(Caller caller, String sha256) {
    return desk.open(caller, sha256);
  }

  @Override
  public Upload attach(
      Caller worker,
      String jobId,
      int attempt,
      String leaseToken,
      String name,
      String contentType,
      InputStream body) {
    return desk.attach(worker, jobId, attempt, leaseToken, name, contentType, body);
  }

  @Override
  public Optional<Content> openAttached(Caller caller, String jobId, int attempt, String name) {
    return desk.openAttached(caller, jobId, attempt, name);
  }

  @Override
  public Upload append(
      Caller worker, String jobId, int attempt, String leaseToken, int from, byte[] piece) {
    return desk.append(worker, jobId, attempt, leaseToken, from, piece);
  }

  @Override
  public Optional<byte[]> log(Caller caller, String jobId, int attempt, long from) {
    return desk.log(caller, jobId, attempt, from);
  }
}
