package dev.qgjob.scheduler.placement;

import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Nudge;
import dev.qgjob.scheduler.event.Announcer;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.time.Duration;

/**
 * The nudge of this server. It lives in its caller's transaction: a bean that manages transactions
 * itself would be called outside of it.
 */
@Singleton
@Local(Nudge.class)
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.MANDATORY)
@SuppressWarnings("NullAway.Init")
public class NudgeBean implements Nudge {
  @Resource private TransactionSynchronizationRegistry transactions;
  @EJB private Wakeups wakeups;
  @EJB private Announcer announcer;
  private Nudge nudge;

  @PostConstruct
  void start() {
    nudge = new NudgeAfterCommit(transactions, wakeups, announcer);
  }

  @Override
  public void workChanged(Target target) {
    nudge.workChanged(target);
  }

  @Override
  public void workDue(Target target, Duration after) {
    nudge.workDue(target, after);
  }

  @Override
  public void jobChanged(Job job) {
    nudge.jobChanged(job);
  }

  @Override
  public void stop(String workerId, String jobId, long generation) {
    nudge.stop(workerId, jobId, generation);
  }
}
