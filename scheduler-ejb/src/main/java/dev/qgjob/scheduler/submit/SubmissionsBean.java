package dev.qgjob.scheduler.submit;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.placement.Nudge;
import dev.qgjob.domain.report.JobReport;
import dev.qgjob.domain.report.ReportDesk;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.report.RunReport;
import dev.qgjob.domain.submit.Submission;
import dev.qgjob.domain.submit.SubmissionDesk;
import dev.qgjob.domain.submit.Submissions;
import dev.qgjob.scheduler.artefact.Blobs;
import dev.qgjob.scheduler.blame.JpaBlameStore;
import dev.qgjob.scheduler.database.InTransaction;
import dev.qgjob.scheduler.job.JpaJobStore;
import dev.qgjob.scheduler.placement.JpaPulse;
import dev.qgjob.scheduler.report.JpaReportStore;
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
import java.time.Duration;
import java.util.Optional;

/** The submission desk over the database. */
@Stateless
@Local(Submissions.class)
@TransactionManagement(TransactionManagementType.BEAN)
@Interceptors(InTransaction.class)
@SuppressWarnings("NullAway.Init")
public class SubmissionsBean implements Submissions {
  @PersistenceContext(unitName = "qgjob")
  private EntityManager entities;

  @EJB private Nudge nudge;
  private Submissions desk;

  @PostConstruct
  void start() {
    Settings settings = Settings.current();
    Duration lease = settings.leases().lease();
    desk =
        new SubmissionDesk(
            new JpaSubmissionStore(entities, Blobs.current(), lease),
            new JpaJobStore(entities),
            new ReportDesk(new JpaReportStore(entities), lease),
            nudge,
            new JpaPulse(entities),
            settings.leases().leastAbsence(),
            new JpaBlameStore(entities));
  }

  @Override
  public Submitted submit(Caller caller, Submission submission) {
    return desk.submit(caller, submission);
  }

  @Override
  public Optional<RunReport> cancelRun(Caller caller, String runId) {
    return desk.cancelRun(caller, runId);
  }

  @Override
  public boolean waited(Caller caller, String runId) {
    return desk.waited(caller, runId);
  }

  @Override
  public int cancelAbandoned() {
    return desk.cancelAbandoned();
  }

  @Override
  public Optional<JobReport> cancelJob(Caller caller, String jobId) {
    return desk.cancelJob(caller, jobId);
  }

  @Override
  public Optional<Run> newestRun(Caller caller, String appVersionId) {
    return desk.newestRun(caller, appVersionId);
  }
}
