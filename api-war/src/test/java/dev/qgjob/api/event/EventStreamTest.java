package dev.qgjob.api.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.event.Events;
import dev.qgjob.domain.event.JobChanged;
import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobEvent;
import dev.qgjob.domain.job.JobMachine;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.report.JobReport;
import dev.qgjob.domain.report.Reports;
import dev.qgjob.domain.report.ResetPolicy;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.report.RunReport;
import dev.qgjob.domain.submit.AppVersion;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class EventStreamTest
    implements Reports, Events, EventStream.Line, java.util.concurrent.Executor {
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
  private static final Caller CALLER = new Caller("t", Role.VIEWER, "own", null);
  private static final Job QUEUED =
      Job.queued("j1", "r1", new GroupKey("own", "v", 1, Target.DEVICE), "a.spec.js", 0, 0, AT);
  private static final Job RUNNING =
      next(QUEUED, new JobEvent.Claimed(1, new Lease("k", "s1", "w1", 1, AT.plusSeconds(9))));
  private static final Job PASSED =
      next(RUNNING, new JobEvent.Finished(1, "k", new Ending(JobState.PASSED, null, null)));

  private Job stored = QUEUED;
  private boolean databaseAway;
  private boolean allowed = true;
  private int reads;
  private Listener listener;
  private int subscriptions;
  private int ended;
  private boolean closed;
  private boolean clientGone;
  private boolean lineBroken;
  private long nanos;
  private Runnable duringWrite = () -> {};
  private final List<String> written = new ArrayList<>();
  private final Deque<Runnable> toRun = new ArrayDeque<>();

  private final EventStream stream =
      new EventStream(CALLER, "r1", this, () -> allowed, this, this, () -> ended++, () -> nanos);

  private static Job next(Job job, JobEvent event) {
    return ((Transition.Next) JobMachine.apply(job, event, AT)).job();
  }

  @Test
  void aTokenThatWasRevokedIsToldNoMoreAtTheNextLook() {
    stream.follow(this);
    run();
    allowed = false;
    nanos += Duration.ofSeconds(20).toNanos();
    listener.moment();
    run();
    assertThat(written).hasSize(1);
    assertThat(closed).isTrue();
    assertThat(ended).isEqualTo(1);
    assertThat(subscriptions).isZero();
  }

  @Test
  void beginsWithTheRunAndTellsEachChangeOnce() {
    stream.follow(this);
    run();
    listener.changed(JobChanged.of(RUNNING));
    listener.changed(JobChanged.of(RUNNING));
    run();

    assertThat(written).hasSize(2);
    assertThat(written.get(0)).startsWith("run r1:1 {\"run_id\":\"r1\"");
    assertThat(written.get(1))
        .startsWith("job r1:2 ")
        .contains("\"job_id\":\"j1\"", "\"state\":\"running\"", "\"slot_id\":\"s1\"");
  }

  @Test
  void whatComesLateIsNoNews() {
    stored = RUNNING;
    stream.follow(this);
    run();
    listener.changed(JobChanged.of(QUEUED));
    run();

    assertThat(written).hasSize(1);
  }

  @Test
  void endsWithTheRun() {
    stream.follow(this);
    run();
    stored = PASSED;
    listener.changed(JobChanged.of(PASSED));
    run();

    assertThat(written).hasSize(3);
    assertThat(written.get(1)).contains("\"state\":\"passed\"");
    assertThat(written.get(2)).isEqualTo("end end {\"run_id\":\"r1\",\"state\":\"passed\"}");
    assertThat(closed).isTrue();
    assertThat(ended).isEqualTo(1);
    assertThat(subscriptions).isZero();
  }

  @Test
  void aLostEventIsMadeUpForByReading() {
    stream.follow(this);
    run();
    stored = RUNNING;
    listener.missed();
    run();

    assertThat(written.get(1)).contains("\"state\":\"running\"");
  }

  @Test
  void whoDoesNotReadCostsNoMoreMemoryThanAnotherReading() {
    stream.follow(this);
    run();
    for (long generation = 2; generation < 5_000; generation++) {
      listener.changed(of(generation));
    }
    stored = RUNNING;
    run();

    // at most a thousand waited; all but the last few were forgotten, and the run was read instead
    assertThat(reads).isEqualTo(2);
    assertThat(written.size()).isLessThan(1_003);
  }

  private static JobChanged of(long generation) {
    return new JobChanged(
        "own", "r1", "j1", generation, JobState.QUEUED, 0, null, false, null, null);
  }

  @Test
  void aClientThatWentIsForgotten() {
    stream.follow(this);
    run();
    clientGone = true;
    listener.changed(JobChanged.of(RUNNING));
    run();

    assertThat(ended).isEqualTo(1);
    assertThat(subscriptions).isZero();
  }

  @Test
  void aDatabaseThatIsAwayEndsNoStream() {
    databaseAway = true;
    stream.follow(this);
    run();
    assertThat(written).isEmpty();
    databaseAway = false;
    listener.moment();
    run();

    assertThat(written).hasSize(1);
    assertThat(ended).isZero();
  }

  @Test
  void whoWaitsForAThreadIsNotTakenForOneWhoDoesNotRead() {
    stream.follow(this);
    nanos += Duration.ofSeconds(11).toNanos();
    listener.moment();

    assertThat(ended).isZero();
    run();
    assertThat(written).hasSize(1);
  }

  @Test
  void whoDoesNotReadIsDroppedAfterTenSeconds() {
    stream.follow(this);
    duringWrite =
        () -> {
          nanos += Duration.ofSeconds(9).toNanos();
          listener.moment();
          assertThat(ended).isZero();
          nanos += Duration.ofSeconds(1).toNanos();
          listener.moment();
        };
    run();

    assertThat(ended).isEqualTo(1);
    assertThat(closed).isTrue();
  }

  @Test
  void aRunThatCouldNotBeWrittenIsStillTheFirstEvent() {
    lineBroken = true;
    stream.follow(this);
    run();
    lineBroken = false;
    listener.moment();
    run();

    assertThat(written).hasSize(1);
    assertThat(written.get(0)).startsWith("run r1:1 ");
  }

  private void run() {
    while (!toRun.isEmpty()) {
      toRun.removeFirst().run();
    }
  }

  // --- what it stands on

  @Override
  public void execute(Runnable work) {
    toRun.addLast(work);
  }

  @Override
  public Subscription subscribe(String runId, Listener who) {
    listener = who;
    subscriptions++;
    return () -> subscriptions--;
  }

  @Override
  public void event(String name, String id, String data) throws IOException {
    if (clientGone) {
      throw new IOException("gone");
    }
    if (lineBroken) {
      throw new IllegalStateException("not now");
    }
    duringWrite.run();
    written.add(name + " " + id + " " + data);
  }

  @Override
  public void comment(String text) {
    written.add(": " + text);
  }

  @Override
  public void close() {
    closed = true;
  }

  @Override
  public Optional<RunReport> run(Caller caller, String runId) {
    reads++;
    if (databaseAway) {
      throw new IllegalStateException("the database is away");
    }
    Run run =
        new Run(
            "r1",
            "own",
            "v",
            1,
            "ab".repeat(32),
            ".",
            "appwright.config.js",
            "android",
            Target.DEVICE,
            0,
            ResetPolicy.CLEAR_DATA,
            0,
            Duration.ofSeconds(60),
            false,
            null,
            Map.of(),
            Map.of(),
            AT);
    return Optional.of(
        new RunReport(run, List.of(new JobReport(stored, "android", List.of(), null))));
  }

  @Override
  public Optional<JobReport> job(Caller caller, String jobId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<RunReport> runs(Caller caller, int most) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<dev.qgjob.domain.report.Savings> savings(Caller caller, String runId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Day> savings(Caller caller, int days) {
    return List.of();
  }

  @Override
  public Optional<AppVersion> app(Caller caller, String appVersionId) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<AppVersion> apps(Caller caller, int most) {
    return List.of();
  }
}
