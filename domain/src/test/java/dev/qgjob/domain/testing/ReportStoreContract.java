package dev.qgjob.domain.testing;

import static dev.qgjob.domain.testing.Fixtures.lease;
import static dev.qgjob.domain.testing.Fixtures.queued;
import static dev.qgjob.domain.testing.Fixtures.running;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.explain.Explanation;
import dev.qgjob.domain.explain.ExplanationDesk;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.FailureKind;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.lease.JobStore.LeaseGuard;
import dev.qgjob.domain.placement.BoardStore;
import dev.qgjob.domain.placement.BoardStore.Released;
import dev.qgjob.domain.placement.Figure;
import dev.qgjob.domain.placement.FigureKey;
import dev.qgjob.domain.report.Attempt;
import dev.qgjob.domain.report.AttemptReport;
import dev.qgjob.domain.report.JobReport;
import dev.qgjob.domain.report.ReportDesk;
import dev.qgjob.domain.report.ReportStore;
import dev.qgjob.domain.report.Reports;
import dev.qgjob.domain.report.RunReport;
import dev.qgjob.domain.report.Savings;
import dev.qgjob.domain.report.TestRef;
import dev.qgjob.domain.report.TestResult;
import dev.qgjob.domain.report.TestStatus;
import dev.qgjob.domain.submit.AppVersion;
import dev.qgjob.domain.submit.Build;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What every {@link ReportStore} promises, and what the desk makes of it. */
public interface ReportStoreContract {
  Duration LEASE = Duration.ofMinutes(1);

  World world();

  /** Reads in one transaction. */
  <T> T reading(Function<ReportStore, T> work);

  private JobReport report(Job job) {
    return reading(
        s -> new ReportDesk(s, LEASE).job(world().org(Fixtures.ORG), job.id()).orElseThrow());
  }

  private Job start(Job job, String token, String slot) {
    Instant until = world().in(s -> s.jobs().now()).plus(Duration.ofHours(1));
    Job after = running(job, lease(token, slot, until));
    world()
        .in(
            s -> {
              assertThat(s.jobs().replace(job, after, LeaseGuard.ANY)).isTrue();
              s.jobs().attemptStarted(after);
              return null;
            });
    return after;
  }

  @Test
  default void anAttemptComesBackWithItsTests() {
    world().org(Fixtures.ORG);
    Job job = start(queued(world(), 1, 2).get(0), "token-1", "s1");
    AttemptReport report =
        new AttemptReport(
            1,
            3,
            Duration.ofSeconds(9),
            Duration.ofMillis(1234),
            List.of(
                new TestResult(
                    List.of("onboarding", "shows \uD83D\uDE42"),
                    "a.spec.js",
                    3,
                    1,
                    TestStatus.PASSED,
                    900,
                    null,
                    null),
                new TestResult(
                    List.of("second"),
                    "a.spec.js",
                    9,
                    1,
                    TestStatus.FAILED,
                    300,
                    "expected 1",
                    "> 9 |")));
    Ending ending = new Ending(JobState.FAILED, FailureKind.TEST, "1 of 2 failed");
    world()
        .in(
            s ->
                s.jobs()
                    .attemptEnded(
                        job.id(), new Transition.EndedAttempt(1, ending, job.lease()), report));
    List<Attempt> attempts = report(job).attempts();
    assertThat(attempts).hasSize(1);
    Attempt attempt = attempts.get(0);
    assertThat(attempt.slotId()).isEqualTo("s1");
    assertThat(attempt.outcome()).isEqualTo(JobState.FAILED);
    assertThat(attempt.failureKind()).isEqualTo(FailureKind.TEST);
    assertThat(attempt.message()).isEqualTo("1 of 2 failed");
    assertThat(attempt.report()).isEqualTo(report);
    Map<String, List<TestRef>> failed =
        world().in(s -> s.jobs().failedTests(List.of(job.id(), "job_none")));
    assertThat(failed).isEqualTo(Map.of(job.id(), List.of(new TestRef(List.of("second"), 9, 1))));
  }

  @Test
  default void aRunningAttemptIsShownAsSuch() {
    world().org(Fixtures.ORG);
    Job job = start(queued(world(), 1, 1).get(0), "token-1", "s1");
    JobReport report = report(job);
    assertThat(report.waitingFor()).isNull();
    assertThat(report.attempts()).extracting(Attempt::outcome).containsExactly(JobState.RUNNING);
    assertThat(report.attempts().get(0).finishedAt()).isNull();
  }

  @Test
  default void aForeignRunIsAbsent() {
    world().org(Fixtures.ORG);
    Job job = queued(world(), 1, 1).get(0);
    boolean seen =
        reading(s -> new ReportDesk(s, LEASE).run(world().org("other"), job.runId()).isPresent());
    assertThat(seen).isFalse();
  }

  @Test
  default void runsComeNewestFirstWithTheirJobs() {
    world().org(Fixtures.ORG);
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(queued(world(), 1, i + 1).get(0).runId());
    }
    List<RunReport> runs =
        reading(s -> new ReportDesk(s, LEASE).runs(world().org(Fixtures.ORG), 2));
    assertThat(runs).extracting(r -> r.run().id()).containsExactly(ids.get(2), ids.get(1));
    assertThat(runs).extracting(r -> r.jobs().size()).containsExactly(3, 2);
    assertThat(reading(s -> new ReportDesk(s, LEASE).runs(world().org("other"), 2)).size())
        .isZero();
  }

  @Test
  default void theNewestBuildsAreListedByTheirVersions() {
    Caller caller = world().org(Fixtures.ORG);
    Caller other = world().org("other");
    queued(world(), 3, 1);
    List<AppVersion> all = reading(s -> new ReportDesk(s, LEASE).apps(caller, 10));
    List<AppVersion> two = reading(s -> new ReportDesk(s, LEASE).apps(caller, 2));
    List<AppVersion> none = reading(s -> new ReportDesk(s, LEASE).apps(other, 10));
    assertThat(all).hasSize(1);
    assertThat(all.get(0).builds()).extracting(Build::number).containsExactly(1, 2, 3);
    assertThat(two.get(0).builds()).extracting(Build::number).containsExactly(2, 3);
    assertThat(none).isEmpty();
  }

  @Test
  default void aQueuedJobSaysWhatItWaitsFor() {
    world().org(Fixtures.ORG);
    List<Job> jobs = queued(world(), 1, 3);
    assertThat(report(jobs.get(0)).waitingFor())
        .isEqualTo("a live slot of target emulator: there is none");
    world().worker("w1");
    Fixtures.slots(world(), "w1", "s1");
    assertThat(report(jobs.get(0)).waitingFor()).isEqualTo("a slot: it is the next of its group");
    assertThat(report(jobs.get(2)).waitingFor())
        .isEqualTo("a slot: 2 jobs of its group are before it");
    start(jobs.get(0), "token-1", "s1");
    release(jobs.get(1));
    assertThat(report(jobs.get(1)).waitingFor())
        .isEqualTo("slot s1, which is busy with job " + jobs.get(0).id());
  }

  @Test
  default void jobsOfTwoRunsInOneQueueKnowTheirPlaces() {
    Caller own = world().org(Fixtures.ORG);
    world().worker("w1");
    Fixtures.slots(world(), "w1", "s1");
    List<Job> jobs = new ArrayList<>(queued(world(), 1, 3));
    jobs.addAll(queued(world(), 1, 3));
    for (String run : List.of(jobs.get(0).runId(), jobs.get(3).runId())) {
      for (JobReport report :
          reading(s -> new ReportDesk(s, LEASE).run(own, run).orElseThrow().jobs())) {
        int before = reading(s -> s.before(report.job()));
        assertThat(report.waitingFor())
            .isEqualTo(
                switch (before) {
                  case 0 -> "a slot: it is the next of its group";
                  case 1 -> "a slot: 1 job of its group is before it";
                  default -> "a slot: " + before + " jobs of its group are before it";
                });
      }
    }
  }

  @Test
  default void aRunAndADayTellWhatTheySaved() {
    Caller own = world().org(Fixtures.ORG);
    List<Job> jobs = queued(world(), 1, 3);
    assertThat(listed(own)).isEqualTo(Savings.NONE);
    end(start(jobs.get(0), "token-1", "s1"), 1, 5, 8);
    assertThat(listed(own)).isEqualTo(new Savings(1, 5, Duration.ofSeconds(32)));
    end(start(jobs.get(1), "token-2", "s1"), 0, 5, 0);
    Savings all = new Savings(1, 10, Duration.ofSeconds(72));
    assertThat(listed(own)).isEqualTo(all);
    Savings whole =
        reading(
            s -> new ReportDesk(s, LEASE).run(own, jobs.get(0).runId()).orElseThrow().savings());
    assertThat(whole).isEqualTo(all);
    List<Reports.Day> days = reading(s -> new ReportDesk(s, LEASE).savings(own, 2));
    assertThat(Savings.sum(days.stream().map(Reports.Day::savings).toList()).installs())
        .isEqualTo(1);
    assertThat(days.get(0).savings().stockInstalls()).isPositive();
    List<Reports.Day> others =
        reading(s -> new ReportDesk(s, LEASE).savings(world().org("other"), 2));
    assertThat(others).isEmpty();
  }

  @Test
  default void anInstallThatWasNotMeasuredCountsAsOneOfTheApp() {
    Caller own = world().org(Fixtures.ORG);
    List<Job> jobs = queued(world(), 1, 1);
    end(start(jobs.get(0), "token-1", "s1"), 0, 5, 0);
    assertThat(listed(own)).isEqualTo(new Savings(0, 5, BoardStore.DEFAULT_SET_UP.multipliedBy(5)));
    FigureKey ofTheApp = FigureKey.setUp(Fixtures.ORG, Fixtures.PACKAGE, Target.EMULATOR);
    measured(ofTheApp, Duration.ofSeconds(12));
    measured(
        FigureKey.setUp(Fixtures.ORG, Fixtures.PACKAGE, Target.DEVICE), Duration.ofSeconds(99));
    Savings known = new Savings(0, 5, Duration.ofSeconds(60));
    assertThat(listed(own)).isEqualTo(known);
    assertThat(reading(s -> new ReportDesk(s, LEASE).savings(own, 2)).get(0).savings())
        .isEqualTo(known);
    learned(Duration.ofSeconds(7));
    assertThat(listed(own)).isEqualTo(new Savings(0, 5, Duration.ofSeconds(35)));
  }

  private void measured(FigureKey key, Duration setUp) {
    world()
        .in(
            s -> {
              s.books().save(Map.of(key, Figure.first(setUp)));
              return null;
            });
  }

  /** How long an install of the first build takes. */
  private void learned(Duration setUp) {
    world()
        .in(
            s -> {
              s.boards().learned(Fixtures.GROUP, setUp, Duration.ofSeconds(3));
              return null;
            });
  }

  @Test
  default void oneAsksWhatARunSavedWithoutItsJobs() {
    Caller own = world().org(Fixtures.ORG);
    Job job = queued(world(), 1, 1).get(0);
    end(start(job, "token-1", "s1"), 1, 5, 8);
    Caller other = world().org("other");
    assertThat(savings(own, job.runId())).contains(new Savings(1, 5, Duration.ofSeconds(32)));
    assertThat(savings(other, job.runId())).isEmpty();
    assertThat(savings(own, "run_none")).isEmpty();
  }

  private Optional<Savings> savings(Caller caller, String runId) {
    return reading(s -> new ReportDesk(s, LEASE).savings(caller, runId));
  }

  private Savings listed(Caller caller) {
    return reading(s -> new ReportDesk(s, LEASE).runs(caller, 1).get(0).savings());
  }

  private void end(Job job, int installs, int stock, long setUpSeconds) {
    world()
        .in(
            s ->
                s.jobs()
                    .attemptEnded(
                        job.id(),
                        new Transition.EndedAttempt(
                            1, new Ending(JobState.PASSED, null, null), job.lease()),
                        new AttemptReport(
                            installs,
                            stock,
                            Duration.ofSeconds(setUpSeconds),
                            Duration.ofSeconds(3),
                            List.of())));
  }

  @Test
  default void aJobIsExplainedToItsOrgAlone() {
    Caller own = world().org(Fixtures.ORG);
    List<Job> jobs = queued(world(), 1, 4);
    assertThat(explained(own, jobs.get(2)).kind()).isEqualTo(Explanation.Kind.NO_LIVE_SLOT);
    world().worker("w1");
    Fixtures.slots(world(), "w1", "s1");
    assertThat(explained(own, jobs.get(0)).kind()).isEqualTo(Explanation.Kind.NEXT);
    Job running = start(jobs.get(0), "token-1", "s1");
    Explanation why = explained(own, jobs.get(3));
    assertThat(why.kind()).isEqualTo(Explanation.Kind.BEHIND_ITS_GROUP);
    assertThat(why.line())
        .startsWith(
            "behind 2 jobs of its group (app version 1.0 build 1) on slot s1 (busy with job "
                + jobs.get(0).id()
                + ", t0.spec.js, free about ");
    assertThat(why.position()).isEqualTo(3);
    assertThat(why.waiting()).isEqualTo(3);
    assertThat(explained(own, running).kind()).isEqualTo(Explanation.Kind.RUNNING);
    assertThat(explain(world().org("other"), jobs.get(3))).isEmpty();
    assertThat(explain(own, Fixtures.dueAt(jobs.get(3), Instant.EPOCH))).isPresent();
  }

  @Test
  default void whereNoSlotIsLiveThoseThatAreThereSayWhy() {
    Caller own = world().org(Fixtures.ORG);
    world().worker("w1");
    Fixtures.slots(world(), "w1", "s1");
    world()
        .in(
            s -> {
              Slot slot = s.fleet().slot("s1").orElseThrow();
              s.fleet()
                  .saveSlot(
                      new Slot(
                          "s1",
                          slot.workerId(),
                          slot.target(),
                          slot.udid(),
                          Map.of(Slot.UNAVAILABLE, "storage is full"),
                          Map.of(),
                          false,
                          2,
                          slot.lastBeatAt()));
              return null;
            });
    Job job = Fixtures.queued(world(), 1, 1).get(0);
    assertThat(explained(own, job).line()).endsWith("takes no job: s1 (storage is full)");
  }

  private Explanation explained(Caller caller, Job job) {
    return explain(caller, job).orElseThrow();
  }

  private Optional<Explanation> explain(Caller caller, Job job) {
    return world()
        .in(
            s ->
                reading(
                    r ->
                        new ExplanationDesk(r, s.boards(), s.books(), s.fleet(), LEASE)
                            .explain(caller, job.id())));
  }

  private void release(Job job) {
    world()
        .in(
            s -> {
              s.boards().released(List.of(new Released(job.id(), job.generation(), "s1")));
              return null;
            });
  }
}
