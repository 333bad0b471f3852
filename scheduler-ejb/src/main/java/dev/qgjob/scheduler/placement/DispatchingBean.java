package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Bus;
import dev.qgjob.domain.placement.Dispatcher;
import dev.qgjob.domain.placement.Dispatching;
import dev.qgjob.domain.placement.Nudge;
import dev.qgjob.scheduler.database.InTransaction;
import dev.qgjob.scheduler.job.JpaJobStore;
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

/**
 * The dispatcher over database and broker. A broker that is away rolls the tick back: the jobs stay
 * unsent, and whoever submits does not notice.
 */
@Stateless
@Local(Dispatching.class)
@TransactionManagement(TransactionManagementType.BEAN)
@Interceptors(InTransaction.class)
@SuppressWarnings("NullAway.Init")
public class DispatchingBean implements Dispatching {
  @PersistenceContext(unitName = "qgjob")
  private EntityManager entities;

  @EJB private Bus bus;
  @EJB private Nudge nudge;
  private Dispatching dispatcher;

  @PostConstruct
  void start() {
    dispatcher =
        new Dispatcher(
            new JpaBoardStore(entities),
            new JpaJobStore(entities),
            bus,
            Settings.current().leases(),
            nudge);
  }

  @Override
  public TickResult tick(Target target) {
    return dispatcher.tick(target);
  }

  @Override
  public int sweep() {
    return dispatcher.sweep();
  }
}
