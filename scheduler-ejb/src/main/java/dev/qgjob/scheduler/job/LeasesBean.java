package dev.qgjob.scheduler.job;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.lease.LeaseDesk;
import dev.qgjob.domain.lease.Leases;
import dev.qgjob.domain.placement.Nudge;
import dev.qgjob.scheduler.blame.JpaBlameStore;
import dev.qgjob.scheduler.database.InTransaction;
import dev.qgjob.scheduler.fleet.JpaFleetStore;
import dev.qgjob.scheduler.placement.JpaBoardStore;
import dev.qgjob.scheduler.setting.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.List;

/** The lease desk over the database. */
@Stateless
@Local(Leases.class)
@TransactionManagement(TransactionManagementType.BEAN)
@Interceptors(InTransaction.class)
@SuppressWarnings("NullAway.Init")
public class LeasesBean implements Leases {
  @PersistenceContext(unitName = "qgjob")
  private EntityManager entities;

  @EJB private Nudge nudge;
  private Leases desk;

  @PostConstruct
  void start() {
    desk =
        new LeaseDesk(
            new JpaJobStore(entities),
            new JpaFleetStore(entities),
            new JpaBoardStore(entities),
            Settings.current().leases(),
            nudge,
            new JpaBlameStore(entities));
  }

  @Override
  public ClaimResult claim(Caller worker, ClaimRequest request) {
    return desk.claim(worker, request);
  }

  @Override
  public FinishResult finish(Caller worker, String jobId, FinishRequest request) {
    return desk.finish(worker, jobId, request);
  }

  @Override
  public List<FinishResult> finishAll(Caller worker, List<JobFinish> finishes) {
    return desk.finishAll(worker, finishes);
  }
}
