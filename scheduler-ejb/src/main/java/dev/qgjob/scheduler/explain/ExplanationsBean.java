package dev.qgjob.scheduler.explain;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.explain.Explanation;
import dev.qgjob.domain.explain.ExplanationDesk;
import dev.qgjob.domain.explain.Explanations;
import dev.qgjob.scheduler.database.InTransaction;
import dev.qgjob.scheduler.fleet.JpaFleetStore;
import dev.qgjob.scheduler.placement.JpaBoardStore;
import dev.qgjob.scheduler.placement.JpaBooks;
import dev.qgjob.scheduler.report.JpaReportStore;
import dev.qgjob.scheduler.setting.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.Optional;

/** The explanation desk over the database. */
@Stateless
@Local(Explanations.class)
@TransactionManagement(TransactionManagementType.BEAN)
@Interceptors(InTransaction.class)
@SuppressWarnings("NullAway.Init")
public class ExplanationsBean implements Explanations {
  @PersistenceContext(unitName = "qgjob")
  private EntityManager entities;

  private Explanations desk;

  @PostConstruct
  void start() {
    desk =
        new ExplanationDesk(
            new JpaReportStore(entities),
            new JpaBoardStore(entities),
            new JpaBooks(entities),
            new JpaFleetStore(entities),
            Settings.current().leases().lease());
  }

  @Override
  public Optional<Explanation> explain(Caller caller, String jobId) {
    return desk.explain(caller, jobId);
  }
}
