package dev.qgjob.domain.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.domain.job.Transition.Refusal;
import dev.qgjob.domain.testing.Fixtures;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class JobMachineTest {
  private static final Instant NOW = Instant.parse("2026-03-01T09:00:00Z");
  private static final Lease LEASE = lease("token", NOW.plusSeconds(60));
  private static final Lease OTHER = lease("other", NOW.plusSeconds(60));

  private static Lease lease(String token, Instant until) {
    return new Lease(token, "s1", "w1", 1, until);
  }

  /** Every event that the table below has a column for, all under the current generation 1. */
  private static final Map<String, JobEvent> EVENTS = new LinkedHashMap<>();

  static {
    EVENTS.put("claimed", new JobEvent.Claimed(1, OTHER));
    EVENTS.put("claimed stale", new JobEvent.Claimed(7, OTHER));
    EVENTS.put("passed", finished(JobState.PASSED, null));
    EVENTS.put("failed", finished(JobState.FAILED, FailureKind.TEST));
    EVENTS.put("submitter's error", finished(JobState.ERROR, FailureKind.SUBMITTER));
    EVENTS.put("infra error", finished(JobState.ERROR, FailureKind.INFRASTRUCTURE));
    EVENTS.put("worker cancelled", finished(JobState.CANCELLED, null));
    EVENTS.put("skipped", finished(JobState.SKIPPED, null));
    EVENTS.put(
        "finished under another token",
        new JobEvent.Finished(1, "other", new Ending(JobState.PASSED, null, null)));
    EVENTS.put(
        "finished stale",
        new JobEvent.Finished(7, "token", new Ending(JobState.PASSED, null, null)));
    EVENTS.put("lease lost", new JobEvent.LeaseLost(1, "nothing was heard"));
    EVENTS.put("lease lost stale", new JobEvent.LeaseLost(7, "nothing was heard"));
    EVENTS.put("interrupted", new JobEvent.Interrupted(1, "the database was away"));
    EVENTS.put("interrupted stale", new JobEvent.Interrupted(7, "the database was away"));
    EVENTS.put("acquitted", new JobEvent.Acquitted(1));
    EVENTS.put("message lost", new JobEvent.MessageLost(1));
    EVENTS.put("moved", new JobEvent.Moved(1));
    EVENTS.put("moved stale", new JobEvent.Moved(7));
    EVENTS.put("transferred", new JobEvent.Transferred(1, Target.DEVICE));
    EVENTS.put("transferred stale", new JobEvent.Transferred(7, Target.DEVICE));
    EVENTS.put("transferred to where it is", new JobEvent.Transferred(1, Target.EMULATOR));
    EVENTS.put("cancelled", new JobEvent.Cancelled("a test"));
  }

  private static JobEvent finished(JobState outcome, FailureKind kind) {
    return new JobEvent.Finished(1, "token", new Ending(outcome, kind, "why"));
  }

  /**
   * What each event makes of a queued and of a running job; of a verdict nothing makes anything.
   */
  static Stream<Arguments> table() {
    return Stream.of(
        row("claimed", JobState.RUNNING, Refusal.TAKEN, Refusal.ENDED),
        row("claimed stale", Refusal.STALE, Refusal.STALE, Refusal.ENDED),
        row("passed", Refusal.FENCED, JobState.PASSED, Refusal.FENCED),
        row("failed", Refusal.FENCED, JobState.FAILED, Refusal.FENCED),
        row("submitter's error", Refusal.FENCED, JobState.ERROR, Refusal.FENCED),
        row("infra error", Refusal.FENCED, JobState.QUEUED, Refusal.FENCED),
        row("worker cancelled", Refusal.FENCED, JobState.CANCELLED, Refusal.FENCED),
        row("skipped", Refusal.FENCED, JobState.SKIPPED, Refusal.FENCED),
        row("finished under another token", Refusal.FENCED, Refusal.FENCED, Refusal.FENCED),
        row("finished stale", Refusal.FENCED, Refusal.FENCED, Refusal.FENCED),
        row("lease lost", Refusal.NOTHING_TO_DO, JobState.QUEUED, Refusal.NOTHING_TO_DO),
        row(
            "lease lost stale",
            Refusal.NOTHING_TO_DO,
            Refusal.NOTHING_TO_DO,
            Refusal.NOTHING_TO_DO),
        row("interrupted", Refusal.NOTHING_TO_DO, JobState.QUEUED, Refusal.NOTHING_TO_DO),
        row(
            "interrupted stale",
            Refusal.NOTHING_TO_DO,
            Refusal.NOTHING_TO_DO,
            Refusal.NOTHING_TO_DO),
        // nothing counts against any of these
        row("acquitted", Refusal.NOTHING_TO_DO, Refusal.NOTHING_TO_DO, Refusal.NOTHING_TO_DO),
        row("message lost", JobState.QUEUED, Refusal.NOTHING_TO_DO, Refusal.NOTHING_TO_DO),
        row("moved", JobState.QUEUED, Refusal.NOTHING_TO_DO, Refusal.NOTHING_TO_DO),
        row("moved stale", Refusal.NOTHING_TO_DO, Refusal.NOTHING_TO_DO, Refusal.NOTHING_TO_DO),
        row("transferred", JobState.QUEUED, Refusal.NOTHING_TO_DO, Refusal.NOTHING_TO_DO),
        row(
            "transferred stale",
            Refusal.NOTHING_TO_DO,
            Refusal.NOTHING_TO_DO,
            Refusal.NOTHING_TO_DO),
        row(
            "transferred to where it is",
            Refusal.NOTHING_TO_DO,
            Refusal.NOTHING_TO_DO,
            Refusal.NOTHING_TO_DO),
        row("cancelled", JobState.CANCELLED, JobState.CANCELLED, Refusal.ENDED));
  }

  private static Arguments row(String event, Object queued, Object running, Object verdict) {
    Map<JobState, Object> expected = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      expected.put(state, verdict);
    }
    expected.put(JobState.QUEUED, queued);
    expected.put(JobState.RUNNING, running);
    return Arguments.of(event, expected);
  }

  @Test
  void theTableNamesEveryEvent() {
    assertThat(table().map(a -> (String) a.get()[0])).containsExactlyElementsOf(EVENTS.keySet());
    Set<Class<?>> kinds = new java.util.HashSet<>();
    EVENTS.values().forEach(e -> kinds.add(e.getClass()));
    assertThat(kinds).containsExactlyInAnyOrder(JobEvent.class.getPermittedSubclasses());
  }

  @Test
  void aTransferIsANewDispatchOnTheOtherTarget() {
    Job job = in(JobState.QUEUED);
    Job there = transferred(job, Target.DEVICE);
    assertThat(there.group()).isEqualTo(job.group().on(Target.DEVICE));
    assertThat(there.generation()).isEqualTo(2);
    assertThat(there.transfers()).isEqualTo(1);
  }

  @Test
  void whatWasSentIsNotTransferred() {
    Job job = in(JobState.QUEUED);
    Job sent = job.with(null, new Release(1, "s1", NOW, null, null));
    assertThat(JobMachine.apply(sent, new JobEvent.Transferred(1, Target.DEVICE), NOW))
        .isEqualTo(new Transition.Refused(Refusal.NOTHING_TO_DO));
  }

  @Test
  void aJobIsTransferredThreeTimesAtMost() {
    Job job = in(JobState.QUEUED);
    job = transferred(job, Target.DEVICE);
    job = transferred(job, Target.EMULATOR);
    job = transferred(job, Target.DEVICE);
    assertThat(
            JobMachine.apply(job, new JobEvent.Transferred(job.generation(), Target.EMULATOR), NOW))
        .isEqualTo(new Transition.Refused(Refusal.NOTHING_TO_DO));
  }

  private static Job transferred(Job job, Target to) {
    return ((Transition.Next)
            JobMachine.apply(job, new JobEvent.Transferred(job.generation(), to), NOW))
        .job();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void everyStateAnswersEveryEvent(String event, Map<JobState, Object> expected) {
    for (JobState state : JobState.values()) {
      Transition transition = JobMachine.apply(in(state), EVENTS.get(event), NOW);
      Object outcome =
          transition instanceof Transition.Next next
              ? next.job().state()
              : ((Transition.Refused) transition).why();
      assertThat(outcome).as("%s in %s", event, state).isEqualTo(expected.get(state));
    }
  }

  private static Job in(JobState state) {
    Job job = Job.queued("job_1", "run_1", Fixtures.GROUP, "a.spec.js", 0, 0, NOW);
    if (state == JobState.QUEUED) {
      return job;
    }
    Job running = apply(job, new JobEvent.Claimed(1, LEASE)).job();
    return switch (state) {
      case RUNNING -> running;
      case PASSED -> apply(running, EVENTS.get("passed")).job();
      case FAILED -> apply(running, EVENTS.get("failed")).job();
      case ERROR -> apply(running, EVENTS.get("submitter's error")).job();
      case CANCELLED -> apply(running, EVENTS.get("cancelled")).job();
      case SKIPPED -> apply(running, EVENTS.get("skipped")).job();
      case QUEUED -> throw new AssertionError("handled above");
    };
  }

  private static Transition.Next apply(Job job, JobEvent event) {
    return (Transition.Next) JobMachine.apply(job, event, NOW);
  }

  @ParameterizedTest
  @EnumSource(JobState.class)
  void aVerdictHasNoNext(JobState state) {
    Set<JobState> open = EnumSet.of(JobState.QUEUED, JobState.RUNNING);
    assertThat(state.isVerdict()).isEqualTo(!open.contains(state));
  }

  @Test
  void anIllegalMoveIsABug() {
    assertThatThrownBy(() -> in(JobState.PASSED).change().queuedAgain())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("PASSED to QUEUED");
  }

  @Test
  void aClaimCountsTheAttemptAndHoldsTheLease() {
    Job running = in(JobState.RUNNING);
    assertThat(running.attempt()).isEqualTo(1);
    assertThat(running.lease()).isEqualTo(LEASE);
    assertThat(running.startedAt()).isEqualTo(NOW);
  }

  @Test
  void aReportAfterTheLeaseRanOutIsFenced() {
    Instant late = LEASE.until();
    assertThat(JobMachine.apply(in(JobState.RUNNING), EVENTS.get("passed"), late))
        .isEqualTo(new Transition.Refused(Refusal.FENCED));
  }

  @Test
  void whatTheInfrastructureBreaksIsTriedThreeTimesAndThenAnError() {
    Job job = in(JobState.QUEUED);
    for (int attempt = 1; attempt <= 2; attempt++) {
      job = broken(job, attempt);
      assertThat(job.state()).isEqualTo(JobState.QUEUED);
      assertThat(job.interrupted()).isTrue();
      assertThat(job.avoidSlotId()).isEqualTo("s1");
    }
    Job ended = broken(job, 3);
    assertThat(ended.state()).isEqualTo(JobState.ERROR);
    assertThat(ended.attempt()).isEqualTo(JobMachine.MOST_BROKEN_ATTEMPTS);
    assertThat(ended.failureKind()).isEqualTo(FailureKind.INFRASTRUCTURE);
    assertThat(ended.message()).isEqualTo("nothing was heard");
  }

  private static Job broken(Job job, int attempt) {
    Job running =
        apply(job, new JobEvent.Claimed(job.generation(), lease("t" + attempt, NOW))).job();
    Transition.Next next =
        apply(running, new JobEvent.LeaseLost(running.generation(), "nothing was heard"));
    assertThat(next.ended()).hasValueSatisfying(e -> assertThat(e.number()).isEqualTo(attempt));
    return next.job();
  }

  private static Job unplugged(Job running) {
    Ending ending = new Ending(JobState.ERROR, FailureKind.INFRASTRUCTURE, "unplugged");
    return apply(running, new JobEvent.Finished(running.generation(), "token", ending)).job();
  }

  private static Job ends(Job job, String slot, Ending ending) {
    String token = "t" + job.generation();
    Lease lease = new Lease(token, slot, "w1", 1, NOW.plusSeconds(60));
    Job running = apply(job, new JobEvent.Claimed(job.generation(), lease)).job();
    return apply(running, new JobEvent.Finished(job.generation(), token, ending)).job();
  }

  private static final Ending FAILED = new Ending(JobState.FAILED, FailureKind.TEST, "1 failed");
  private static final Ending PASSED = new Ending(JobState.PASSED, null, null);

  @Test
  void aFailureIsTriedOnceMoreOnANewInstallWhereThatIsAskedFor() {
    Job job = in(JobState.QUEUED).isolated(Isolation.TO_CONFIRM);
    Job again = ends(job, "s1", FAILED);
    assertThat(again.state()).isEqualTo(JobState.QUEUED);
    assertThat(again.isolation()).isEqualTo(Isolation.CONFIRMING);

    Job passed = ends(again, "s1", PASSED);
    assertThat(passed.state()).isEqualTo(JobState.PASSED);
    assertThat(passed.flaky()).isTrue();
    assertThat(passed.leaksState()).isTrue();

    Job failed = ends(again, "s1", FAILED);
    assertThat(failed.state()).as("no third time").isEqualTo(JobState.FAILED);
    assertThat(failed.leaksState()).isFalse();
  }

  @Test
  void retriesComeBeforeTheNewInstall() {
    Job job =
        Job.queued("job_1", "run_1", Fixtures.GROUP, "a.spec.js", 0, 1, NOW)
            .isolated(Isolation.TO_CONFIRM);
    Job retried = ends(job, "s1", FAILED);
    assertThat(retried.isolation()).isEqualTo(Isolation.TO_CONFIRM);
    assertThat(ends(retried, "s1", FAILED).isolation()).isEqualTo(Isolation.CONFIRMING);
    assertThat(ends(retried, "s1", PASSED).leaksState()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"EMULATOR,APP", "BROWSERSTACK,TEST"})
  void whatANewInstallCannotExplainIsNotTriedOnOne(Target target, FailureKind kind) {
    Job job =
        Job.queued("job_1", "run_1", Fixtures.GROUP.on(target), "a.spec.js", 0, 0, NOW)
            .isolated(Isolation.TO_CONFIRM);
    assertThat(ends(job, "s1", new Ending(JobState.FAILED, kind, "x")).state())
        .isEqualTo(JobState.FAILED);
  }

  @Test
  void anInterruptedConfirmationIsMadeAgain() {
    Job again = ends(in(JobState.QUEUED).isolated(Isolation.TO_CONFIRM), "s1", FAILED);
    Job broken = broken(again, 2);
    assertThat(broken.isolation()).isEqualTo(Isolation.CONFIRMING);
  }

  @Test
  void aTestThatFailedAvoidsItsSlotAndGoesNotFirst() {
    Job job = Job.queued("job_1", "run_1", Fixtures.GROUP, "a.spec.js", 0, 1, NOW);
    Job retried = ends(job, "s1", FAILED);
    assertThat(retried.avoidSlotId()).isEqualTo("s1");
    assertThat(retried.interrupted()).isFalse();
  }

  @Test
  void whatTwoSlotsAreBlamedForIsTheAppsOrTheTests() {
    Ending gone = new Ending(JobState.ERROR, FailureKind.TARGET, "phone went away");
    Job twice = ends(ends(in(JobState.QUEUED), "s1", gone), "s2", gone);
    Job ended = ends(twice, "s3", gone);
    assertThat(ended.state()).isEqualTo(JobState.ERROR);
    assertThat(ended.failureKind()).isEqualTo(FailureKind.APP);
    assertThat(ended.message())
        .isEqualTo(
            "phone went away; so it ended on another slot before: the app or the test brings it"
                + " about");
    assertThat(ends(twice, "s2", gone).failureKind())
        .as("one slot alone")
        .isEqualTo(FailureKind.TARGET);
  }

  @Test
  void whoHasWaitedForALeaseToEndWaitsNoLonger() {
    Job once = broken(in(JobState.QUEUED), 1);
    assertThat(once.notBefore()).isNull();
    assertThat(broken(once, 2).notBefore()).isNull();
  }

  @Test
  void anAttemptThatEndedWhileTheServerWasAwayIsNotCountedAgainstTheJob() {
    Job job = in(JobState.QUEUED);
    for (int attempt = 1; attempt <= 5; attempt++) {
      Job running =
          apply(job, new JobEvent.Claimed(job.generation(), lease("t" + attempt, NOW))).job();
      job = apply(running, new JobEvent.Interrupted(running.generation(), "away")).job();
      assertThat(job.state()).isEqualTo(JobState.QUEUED);
      assertThat(job.brokenAttempts()).isZero();
      assertThat(job.notBefore()).isNull();
      assertThat(job.avoidSlotId()).isNull();
      assertThat(job.interrupted()).isTrue();
    }
  }

  @Test
  void anAttemptThatBrokeInAHostEventIsNotCountedAgainstTheJob() {
    Ending broke = new Ending(JobState.ERROR, FailureKind.TARGET, "the hub lost its power");
    Job job = in(JobState.QUEUED);
    for (int attempt = 1; attempt <= 5; attempt++) {
      Job running = apply(job, new JobEvent.Claimed(job.generation(), LEASE)).job();
      Transition.Next next =
          apply(running, new JobEvent.Finished(running.generation(), "token", broke, true));
      assertThat(next.ended().orElseThrow().ending()).isEqualTo(broke);
      job = next.job();
      assertThat(job.state()).isEqualTo(JobState.QUEUED);
      assertThat(job.brokenAttempts()).isZero();
      assertThat(job.interrupted()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"PASSED,", "FAILED,TEST", "ERROR,SUBMITTER", "ERROR,APP", "CANCELLED,", "SKIPPED,"})
  void aHostEventChangesNothingOfWhatDidNotBreak(JobState outcome, FailureKind kind) {
    Ending ending = new Ending(outcome, kind, "why");
    Job running = in(JobState.RUNNING);
    assertThat(apply(running, new JobEvent.Finished(1, "token", ending, true)))
        .isEqualTo(apply(running, new JobEvent.Finished(1, "token", ending)));
  }

  @Test
  void anAttemptThatNobodyIsToBlameForIsNotMadeForEver() {
    Job job = in(JobState.QUEUED);
    for (int attempt = 1; attempt <= JobMachine.MOST_ATTEMPTS; attempt++) {
      assertThat(job.state()).isEqualTo(JobState.QUEUED);
      Job running =
          apply(job, new JobEvent.Claimed(job.generation(), lease("t" + attempt, NOW))).job();
      job = apply(running, new JobEvent.Interrupted(running.generation(), "away")).job();
    }
    assertThat(job.state()).isEqualTo(JobState.ERROR);
  }

  @Test
  void aLostLeaseOfAWorkerThatLivesCountsNoMore() {
    Job queued = broken(in(JobState.QUEUED), 1);
    Job acquitted = apply(queued, new JobEvent.Acquitted(queued.generation())).job();
    assertThat(acquitted).isEqualTo(queued.change().brokenOnceLess().done());
    assertThat(acquitted.suspect()).isFalse();
    Job running = apply(queued, new JobEvent.Claimed(queued.generation(), LEASE)).job();
    assertThat(apply(running, new JobEvent.Acquitted(queued.generation())).job())
        .isEqualTo(running.change().brokenOnceLess().done());
    assertThat(JobMachine.apply(queued, new JobEvent.Acquitted(queued.generation() + 1), NOW))
        .as("of a later loss that this one does not know of")
        .isEqualTo(new Transition.Refused(Refusal.NOTHING_TO_DO));
  }

  @Test
  void theBackOffDoubles() {
    Job once = unplugged(in(JobState.RUNNING));
    Job twice = unplugged(apply(once, new JobEvent.Claimed(once.generation(), LEASE)).job());
    assertThat(Duration.between(NOW, once.notBefore())).isEqualTo(Duration.ofSeconds(1));
    assertThat(Duration.between(NOW, twice.notBefore())).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void aFailedTestIsTriedAgainOnlyIfAskedForAndAPassThenIsFlaky() {
    Job job = Job.queued("job_1", "run_1", Fixtures.GROUP, "a.spec.js", 0, 1, NOW);
    Job running = apply(job, new JobEvent.Claimed(1, LEASE)).job();
    Job again = apply(running, EVENTS.get("failed")).job();
    assertThat(again.state()).isEqualTo(JobState.QUEUED);
    assertThat(again.generation()).isEqualTo(2);
    assertThat(again.interrupted()).isFalse();
    Job second = apply(again, new JobEvent.Claimed(2, LEASE)).job();
    Job passed =
        apply(second, new JobEvent.Finished(2, "token", new Ending(JobState.PASSED, null, null)))
            .job();
    assertThat(passed.state()).isEqualTo(JobState.PASSED);
    assertThat(passed.flaky()).isTrue();
  }

  @Test
  void cancellingARunningJobEndsItsAttempt() {
    Transition.Next next = apply(in(JobState.RUNNING), EVENTS.get("cancelled"));
    assertThat(next.ended()).isPresent();
    assertThat(next.ended().get().lease()).isEqualTo(LEASE);
    assertThat(apply(in(JobState.QUEUED), EVENTS.get("cancelled")).ended()).isEmpty();
  }
}
