package dev.qgjob.scheduler.access;

import dev.qgjob.domain.access.AccessDesk;
import dev.qgjob.scheduler.database.SchemaState;
import dev.qgjob.scheduler.database.Transactions;
import dev.qgjob.scheduler.setting.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.ejb.DependsOn;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.UserTransaction;
import java.nio.file.Path;
import java.util.Optional;

/** Makes the first admin's token at the first start, and says once where it is. */
@Singleton
@Startup
@DependsOn("SchemaBean")
@TransactionManagement(TransactionManagementType.BEAN)
@SuppressWarnings("NullAway.Init")
public class BootstrapBean {
  private static final System.Logger LOG = System.getLogger(BootstrapBean.class.getName());

  @PersistenceContext(unitName = "qgjob")
  private EntityManager entities;

  @Resource private UserTransaction transaction;
  @EJB private SchemaState schema;

  @PostConstruct
  void start() {
    schema.whenReady(this::first);
  }

  private void first() {
    try {
      new Transactions(transaction)
          .call(this::bootstrap)
          .ifPresent(
              file ->
                  LOG.log(
                      System.Logger.Level.INFO,
                      "first start: the token of the first admin is in {0}",
                      file));
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("cannot make the first admin's token", e);
    }
  }

  /** The file before the commit: a crash in between leaves a text of no use, and not none. */
  private Optional<Path> bootstrap() {
    return new AccessDesk(new JpaAccessStore(entities), new RandomSecrets())
        .bootstrap()
        .map(token -> BootstrapFile.write(Settings.current().home(), token.text()));
  }
}
