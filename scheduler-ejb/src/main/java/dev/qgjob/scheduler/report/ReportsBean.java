package dev.qgjob.scheduler.report;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.report.JobReport;
import dev.qgjob.domain.report.ReportDesk;
import dev.qgjob.domain.report.Reports;
import dev.qgjob.domain.report.RunReport;
import dev.qgjob.domain.report.Savings;
import dev.qgjob.domain.submit.AppVersion;
import dev.qgjob.scheduler.database.InTransaction;
import dev.qgjob.scheduler.setting.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.interceptor.Interceptors;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.List;
import java.util.Optional;

/** The report desk over the database. */
@Stateless
@Local(Reports.class)
@TransactionManagement(TransactionManagementType.BEAN)
@Interceptors(InTransaction.class)
@SuppressWarnings("NullAway.Init")
public class ReportsBean implements Reports {
  @PersistenceContext(unitName = "qgjob")
  private EntityManager entities;

  private Reports desk;

  @PostConstruct
  void start() {
    desk = new ReportDesk(new JpaReportStore(entities), Settings.current().leases().lease());
  }

  @Override
  public Optional<RunReport> run(Caller caller, String runId) {
    return desk.run(caller, runId);
  }

  @Override
  public Optional<JobReport> job(Caller caller, String jobId) {
    return desk.job(caller, jobId);
  }

  @Override
  public List<RunReport> runs(Caller caller, int most) {
    return desk.runs(caller, most);
  }

  @Override
  public List<Day> savings(Caller caller, int days) {
    return desk.savings(caller, days);
  }

  @Override
  public Optional<Savings> savings(Caller caller, String runId) {
    return desk.savings(caller, runId);
  }

  @Override
  public Optional<AppVersion> app(Caller caller, String appVersionId) {
    return desk.app(caller, appVersionId);
  }

  @Override
  public List<AppVersion> apps(Caller caller, int most) {
    return desk.apps(caller, most);
  }
}
