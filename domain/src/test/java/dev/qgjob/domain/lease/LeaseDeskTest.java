package dev.qgjob.domain.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.fleet.FleetDesk;
import dev.qgjob.domain.fleet.Hold;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.FailureKind;
import dev.qgjob.domain.job.Isolation;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Requeue;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition.Refusal;
import dev.qgjob.domain.lease.Leases.ClaimRequest;
import dev.qgjob.domain.lease.Leases.ClaimResult;
import dev.qgjob.domain.lease.Leases.FinishRequest;
import dev.qgjob.domain.lease.Leases.FinishResult;
import dev.qgjob.domain.placement.Board;
import dev.qgjob.domain.placement.BoardStore;
import dev.qgjob.domain.placement.Bus;
import dev.qgjob.domain.placement.Dispatcher;
import dev.qgjob.domain.placement.Nudge;
import dev.qgjob.domain.report.AttemptReport;
import dev.qgjob.domain.report.TestRef;
import dev.qgjob.domain.report.TestResult;
import dev.qgjob.domain.report.TestStatus;
import dev.qgjob.domain.testing.Fixtures;
import dev.qgjob.domain.testing.InMemoryWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The desks together, over the twins: from a released message to a recorded finish. */
final class LeaseDeskTest {
  private static final LeasePolicy POLICY = new LeasePolicy(Duration.ofSeconds(60), 8);
  private static final Ending PASSED = new Ending(JobState.PASSED, null, null);

  private final InMemoryWorld world = new InMemoryWorld();
  private final List<Bus.Dispatch> sent = new ArrayList<>();
  private final Nudge quiet =
      new Nudge() {
        @Override
        public void workChanged(Target target) {}

        @Override
        public void stop(String workerId, String jobId, long generation) {}
      };
  private final LeaseDesk leases =
      new LeaseDesk(world.store(), world.store(), world.store(), POLICY, quiet, world.store());
  private final FleetDesk fleet =
      new FleetDesk(world.store(), world.store(), POLICY, quiet, world.store());
  private final Dispatcher dispatcher =
      new Dispatcher(world.store(), world.store(), world.store(), sent::addAll, POLICY, quiet);
  private Caller worker;
  private long registrations;

  @BeforeEach
  void aWorkerWithOneSlot() {
    worker = world.worker("w1");
    fleet.register(worker, proof("proof"), "1", List.of(Fixtures.offer("s1")));
    beat(List.of());
  }

  private Fleet.BeatResult beat(List<Fleet.HeldLease> held) {
    return fleet.beat(
        worker,
        new Fleet.BeatReport(
            1, List.of(new Fleet.SlotReport(Fixtures.offer("s1"), true, 1, List.of())), held));
  }

  private ClaimResult claim(Job job, String token, int most) {
    return leases.claim(
        worker, new ClaimRequest(1, "s1", job.id(), job.generation(), token, most, true));
  }

  private Job now(Job job) {
    return Fixtures.now(world, job);
  }

  @Test
  void aJobGoesFromTheQueueToItsVerdict() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    dispatcher.tick(Target.EMULATOR);
    assertThat(sent)
        .containsExactly(
            new Bus.Dispatch.Shared(
                Target.EMULATOR, Fixtures.GROUP.messageGroup(), job.id(), 1, 0));
    assertThat(claim(job, "t1", 1)).isInstanceOf(ClaimResult.Granted.class);
    assertThat(now(job).state()).isEqualTo(JobState.RUNNING);
    assertThat(finish(job, "t1", PASSED)).isInstanceOf(FinishResult.Recorded.class);
    assertThat(now(job).state()).isEqualTo(JobState.PASSED);
  }

  @Test
  void aPartOfASpecIsClaimedAloneAndNoPartComesAlong() {
    List<Job> parts = Fixtures.queuedInParts(world, 3);
    Job whole = Fixtures.queued(world, 1, 1).get(0);
    dispatcher.tick(Target.EMULATOR);
    Job sent =
        java.util.stream.Stream.concat(parts.stream(), java.util.stream.Stream.of(whole))
            .filter(job -> now(job).release() != null)
            .findFirst()
            .orElseThrow();
    assertThat(((ClaimResult.Granted) claim(sent, "t1", 8)).grants())
        .extracting(grant -> grant.job().id())
        .containsExactly(sent.id());
  }

  @Test
  void aSlotThatIsMarkedForStrangersMeanwhileDoesNotGetWhatIsTrusted() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    dispatcher.tick(Target.EMULATOR);
    fleet.register(
        worker,
        proof("proof"),
        "1",
        List.of(
            new Fleet.SlotOffer(
                "s1", Target.EMULATOR, "udid-s1", Slot.FOR_UNTRUSTED, java.util.Map.of())));
    ClaimResult second =
        leases.claim(worker, new ClaimRequest(2, "s1", job.id(), 1, "t1", 1, true));
    assertThat(second).isEqualTo(new ClaimResult.Lost(Refusal.STALE));
    assertThat(now(job).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void theSlotsOfAHostForStrangersAreMarkedWhateverItSaysOfThem() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    dispatcher.tick(Target.EMULATOR);
    world.in(
        s -> {
          dev.qgjob.domain.fleet.Worker w =
              s.fleet().lockWorker(String.valueOf(worker.workerId())).orElseThrow();
          s.fleet()
              .saveWorker(
                  new dev.qgjob.domain.fleet.Worker(
                      w.id(),
                      w.name(),
                      w.incarnation(),
                      w.stateProofHash(),
                      w.registration(),
                      false,
                      w.lastBeatAt(),
                      true));
          return true;
        });
    Fleet.SlotOffer plain =
        new Fleet.SlotOffer(
            "s1",
            Target.EMULATOR,
            "udid-s1",
            java.util.Map.of("untrusted", "false"),
            java.util.Map.of());
    fleet.register(worker, proof("proof"), "1", List.of(plain));
    assertThat(world.in(s -> s.fleet().slot("s1")).orElseThrow().forUntrusted()).isTrue();
    fleet.beat(
        worker,
        new Fleet.BeatReport(
            2, List.of(new Fleet.SlotReport(plain, true, 1, List.of())), List.of()));
    assertThat(world.in(s -> s.fleet().slot("s1")).orElseThrow().forUntrusted()).isTrue();
    assertThat(leases.claim(worker, new ClaimRequest(2, "s1", job.id(), 1, "t1", 1, true)))
        .isEqualTo(new ClaimResult.Lost(Refusal.STALE));
  }

  private FinishResult finish(Job job, String token, Ending ending) {
    return leases.finish(
        worker, job.id(), new FinishRequest(job.generation(), token, ending, AttemptReport.NONE));
  }

  private static Leases.JobFinish told(String jobId, String token, Ending ending) {
    return new Leases.JobFinish(jobId, new FinishRequest(1, token, ending, AttemptReport.NONE));
  }

  private static TestResult test(String title, int line, TestStatus status) {
    return new TestResult(List.of(title), "t1.spec.js", line, 3, status, 1, null, null);
  }

  private List<TestRef> only(Job job, String token) {
    return ((ClaimResult.Granted) claim(now(job), token, 1)).grants().get(0).only();
  }

  @Test
  void aRetryIsAboutTheTestsThatFailed() {
    Job job = Fixtures.queuedWithRetries(world, 1, 2, 2).get(1);
    assertThat(only(job, "t1")).as("all of the spec").isEmpty();
    AttemptReport report =
        new AttemptReport(
            0,
            0,
            Duration.ZERO,
            Duration.ofSeconds(9),
            List.of(
                test("adds", 3, TestStatus.PASSED),
                test("pays", 9, TestStatus.FAILED),
                test("some day", 12, TestStatus.SKIPPED),
                test("leaves", 15, TestStatus.INTERRUPTED)));
    Ending failed = new Ending(JobState.FAILED, FailureKind.TEST, "1 of 4 failed");
    leases.finish(worker, job.id(), new FinishRequest(1, "t1", failed, report));
    List<TestRef> again =
        List.of(new TestRef(List.of("pays"), 9, 3), new TestRef(List.of("leaves"), 15, 3));
    assertThat(only(job, "t2")).isEqualTo(again);
    Ending broken = new Ending(JobState.ERROR, FailureKind.INFRASTRUCTURE, "adb went away");
    leases.finish(worker, job.id(), new FinishRequest(2, "t2", broken, AttemptReport.NONE));
    handed(now(job));
    assertThat(only(job, "t3")).as("nothing is known of them still").isEqualTo(again);
  }

  private static final Ending FAILED = new Ending(JobState.FAILED, FailureKind.TEST, "1 failed");

  private void isolated(Job job, Isolation isolation) {
    assertThat(Fixtures.replace(world, job, job.isolated(isolation), JobStore.LeaseGuard.ANY))
        .isTrue();
  }

  @Test
  void aPassOnANewInstallMarksTheSpec() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    isolated(job, Isolation.TO_CONFIRM);
    claim(job, "t1", 1);
    finish(job, "t1", FAILED);
    Job again = now(job);
    claim(again, "t2", 1);
    finish(again, "t2", PASSED);
    assertThat(now(job).leaksState()).isTrue();
    assertThat(
            world
                .store()
                .leaking(Fixtures.ORG, Fixtures.PACKAGE, List.of(job.testPath(), "other.spec.js")))
        .containsExactly(job.testPath());
    assertThat(world.store().doubts(Duration.ofDays(1))).isEmpty();
  }

  @Test
  void whatInstallsAnewIsClaimedAloneAndDoesNotComeAlong() {
    List<Job> jobs = Fixtures.queued(world, 1, 4);
    isolated(jobs.get(1), Isolation.LEAKS);
    assertThat(((ClaimResult.Granted) claim(jobs.get(0), "t1", 8)).grants())
        .extracting(grant -> grant.job().id())
        .containsExactly(jobs.get(0).id(), jobs.get(2).id(), jobs.get(3).id());
    assertThat(((ClaimResult.Granted) claim(jobs.get(1), "t2", 8)).grants()).hasSize(1);
  }

  @Test
  void aFailureThatDoesNotRepeatOnAnotherSlotCastsDoubtOnTheFirst() {
    Job job = Fixtures.queuedWithRetries(world, 1, 1, 1).get(0);
    claim(job, "t1", 1);
    finish(job, "t1", FAILED);
    Fixtures.slots(world, "w2", "s2");
    Caller other = new Caller("tok_w2", dev.qgjob.domain.access.Role.WORKER, null, "w2");
    ClaimRequest request = new ClaimRequest(1, "s2", job.id(), 2, "t2", 1, true);
    assertThat(leases.claim(other, request)).isInstanceOf(ClaimResult.Granted.class);
    leases.finish(other, job.id(), new FinishRequest(2, "t2", PASSED, AttemptReport.NONE));
    assertThat(fleet.slots())
        .extracting(slot -> slot.slot().id() + " " + slot.doubts())
        .containsExactlyInAnyOrder("s1 1", "s2 0");
    world.clock().tick(Duration.ofDays(8));
    assertThat(fleet.slots()).extracting(Fleet.SlotStatus::doubts).containsOnly(0);
  }

  @Test
  void aTestThatFailedComesNotAlongToTheSlotWhereItDid() {
    List<Job> jobs = Fixtures.queuedWithRetries(world, 1, 3, 1);
    claim(jobs.get(0), "t1", 1);
    finish(jobs.get(0), "t1", FAILED);
    assertThat(((ClaimResult.Granted) claim(jobs.get(1), "t2", 8)).grants())
        .extracting(grant -> grant.job().id())
        .containsExactly(jobs.get(1).id(), jobs.get(2).id());
  }

  @Test
  void whatBreaksInAHostEventIsNotCountedWhetherToldAloneOrTogether() {
    List<Job> jobs = Fixtures.queued(world, 1, 2);
    Ending broke = new Ending(JobState.ERROR, FailureKind.TARGET, "the hub lost its power");
    FinishRequest request = new FinishRequest(1, "t1", broke, AttemptReport.NONE, true);
    claim(jobs.get(0), "t1", 2);
    leases.finish(worker, jobs.get(0).id(), request);
    leases.finishAll(worker, List.of(new Leases.JobFinish(jobs.get(1).id(), request)));
    assertThat(jobs).extracting(job -> now(job).state()).containsOnly(JobState.QUEUED);
    assertThat(jobs).extracting(job -> now(job).brokenAttempts()).containsOnly(0);
  }

  @Test
  void aRunOfSingleTestsIsAboutThoseAlone() {
    List<Job> jobs = Fixtures.queued(world, 1, 2);
    assertThat(only(jobs.get(0), "t1"))
        .containsExactly(new TestRef(List.of("cart", "adds"), 12, 3));
    assertThat(only(jobs.get(1), "t2")).isEmpty();
  }

  @Test
  void aSetUpAtBrowserStackIsLearnedThoughNothingWasInstalled() {
    Board.WaitingGroup there = learned(Target.EMULATOR);
    assertThat(there.setUp()).isEqualTo(BoardStore.DEFAULT_SET_UP);
    Board.WaitingGroup cloud = learned(Target.BROWSERSTACK);
    assertThat(cloud.setUp()).as("that a slot could be spared").isZero();
    assertThat(cloud.runTime()).isEqualTo(there.runTime().plusSeconds(40));
  }

  /** What the board says of a group after a job that installed nothing, set up for 40 s. */
  private Board.WaitingGroup learned(Target target) {
    String slotId = "slot-" + target;
    world
        .store()
        .saveSlot(
            new Slot(
                slotId, "w1", target, null, Map.of(), Map.of(), true, 1, world.clock().instant()));
    List<Job> jobs = Fixtures.queuedOn(world, target, 2);
    leases.claim(worker, new ClaimRequest(1, slotId, jobs.get(0).id(), 1, "t1", 1, true));
    AttemptReport report =
        new AttemptReport(0, 1, Duration.ofSeconds(40), Duration.ofSeconds(9), List.of());
    leases.finish(worker, jobs.get(0).id(), new FinishRequest(1, "t1", PASSED, report));
    return world.store().read(target, Duration.ofMinutes(1)).groups().get(0);
  }

  @Test
  void finishesToldTogetherAreAnsweredOneByOne() {
    List<Job> jobs = Fixtures.queued(world, 1, 4);
    claim(jobs.get(0), "t1", 3);
    leases.finish(worker, jobs.get(1).id(), new FinishRequest(1, "t1", PASSED, AttemptReport.NONE));
    Ending failed = new Ending(JobState.FAILED, FailureKind.TEST, "x");
    List<FinishResult> results =
        leases.finishAll(
            worker,
            List.of(
                told(jobs.get(0).id(), "t1", PASSED),
                told(jobs.get(1).id(), "t1", PASSED),
                told(jobs.get(2).id(), "other", PASSED),
                told(jobs.get(3).id(), "t1", PASSED),
                told("job_none", "t1", PASSED),
                told(jobs.get(0).id(), "t1", failed)));
    assertThat(results.get(0)).isInstanceOf(FinishResult.Recorded.class);
    assertThat(results.get(1)).as("told before").isInstanceOf(FinishResult.Recorded.class);
    assertThat(results.get(2)).isEqualTo(new FinishResult.Fenced(Refusal.FENCED));
    assertThat(results.get(3)).as("not running").isEqualTo(new FinishResult.Fenced(Refusal.FENCED));
    assertThat(results.get(4)).isEqualTo(new FinishResult.UnknownJob("job_none"));
    assertThat(results.get(5)).as("otherwise").isEqualTo(new FinishResult.Fenced(Refusal.FENCED));
    assertThat(now(jobs.get(0)).state()).isEqualTo(JobState.PASSED);
    assertThat(now(jobs.get(2)).state()).isEqualTo(JobState.RUNNING);
    assertThat(world.store().results()).hasSize(2);
  }

  @Test
  void anotherWorkersFinishesToldTogetherAreFenced() {
    Job job = Fixtures.queued(world, 1, 2).get(0);
    claim(job, "t1", 2);
    Caller other = world.worker("w2");
    assertThat(
            leases.finishAll(
                other, List.of(told(job.id(), "t1", PASSED), told("job_none", "t1", PASSED))))
        .first()
        .isEqualTo(new FinishResult.Fenced(Refusal.FENCED));
    assertThat(now(job).state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aTickSendsAGenerationOnce() {
    Fixtures.queued(world, 1, 1);
    dispatcher.tick(Target.EMULATOR);
    dispatcher.tick(Target.EMULATOR);
    assertThat(sent).hasSize(1);
  }

  @Test
  void aTickThatFindsTheLockTakenPassesOn() {
    Fixtures.queued(world, 1, 1);
    world.store().lockedElsewhere(Target.EMULATOR, true);
    assertThat(dispatcher.tick(Target.EMULATOR).locked()).isFalse();
    assertThat(sent).isEmpty();
  }

  @Test
  void aBusThatFailsLeavesTheJobToTheNextTick() {
    Fixtures.queued(world, 1, 1);
    Dispatcher unlucky =
        new Dispatcher(
            world.store(),
            world.store(),
            world.store(),
            batch -> {
              throw new Bus.Unavailable("no broker", new IllegalStateException());
            },
            POLICY,
            quiet);
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> unlucky.tick(Target.EMULATOR)))
        .isInstanceOf(Bus.Unavailable.class);
    dispatcher.tick(Target.EMULATOR);
    assertThat(sent).hasSize(1);
  }

  @Test
  void theSameTokenGetsTheSameGrantAgain() {
    Job job = Fixtures.queued(world, 1, 3).get(0);
    ClaimResult first = claim(job, "t1", 3);
    assertThat(claim(job, "t1", 3)).isEqualTo(first);
    assertThat(now(job).attempt()).isEqualTo(1);
  }

  @Test
  void anotherTokenFindsTheJobTaken() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    claim(job, "t1", 1);
    assertThat(claim(job, "t2", 1)).isEqualTo(new ClaimResult.Lost(Refusal.TAKEN));
  }

  @Test
  void aSlotThatIsHeldTakesNothingMore() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    world.store().hold(new Hold("s1", world.store().now().plusSeconds(3600), "mine", "tok_1"));
    assertThat(claim(job, "t1", 1)).isEqualTo(new ClaimResult.Lost(Refusal.STALE));
    world.store().release("s1");
    assertThat(claim(job, "t1", 1)).isInstanceOf(ClaimResult.Granted.class);
  }

  /** Else the rest of a run costs its only phone another process of tests. */
  @Test
  void nothingIsLeftForASlotThatSomebodyHolds() {
    Caller other = world.worker("w2");
    fleet.register(other, proof("theirs"), "1", List.of(Fixtures.offer("s2")));
    fleet.beat(
        other,
        new Fleet.BeatReport(
            1, List.of(new Fleet.SlotReport(Fixtures.offer("s2"), true, 1, List.of())), List.of()));
    List<Job> jobs = Fixtures.queued(world, 1, 8);
    assertThat(((ClaimResult.Granted) claim(jobs.get(0), "t1", 8)).grants())
        .as("s2 has its fair part")
        .hasSize(4);
    world.store().hold(new Hold("s2", world.store().now().plusSeconds(3600), "mine", "tok_1"));
    assertThat(((ClaimResult.Granted) claim(jobs.get(4), "t2", 8)).grants()).hasSize(4);
  }

  @Test
  void whatUsesSomethingScarceIsTakenOneByOne() {
    world.resource(Fixtures.ORG, "account", 9);
    Job job = Fixtures.queued(world, 1, 1).get(0);
    List<Job> scarce = Fixtures.queuedWith(world, 1, 5, "account");
    ClaimResult.Granted granted = (ClaimResult.Granted) claim(scarce.get(0), "t1", 100);
    assertThat(granted.grants())
        .extracting(g -> g.job().id())
        .doesNotContainAnyElementsOf(scarce.subList(1, 5).stream().map(Job::id).toList());
    assertThat(now(job).state()).as("it may come along").isEqualTo(JobState.RUNNING);
  }

  @Test
  void aClaimTakesMoreOfItsGroup() {
    List<Job> jobs = Fixtures.queued(world, 1, 10);
    ClaimResult.Granted granted = (ClaimResult.Granted) claim(jobs.get(0), "t1", 100);
    assertThat(granted.grants()).hasSize(POLICY.mostPerClaim());
    assertThat(granted.grants().get(0).job().id()).isEqualTo(jobs.get(0).id());
  }

  @Test
  void aClaimForAnotherWorkersSlotIsRefused() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    Caller other = world.worker("w2");
    assertThat(leases.claim(other, new ClaimRequest(1, "s1", job.id(), 1, "t1", 1, true)))
        .isInstanceOf(ClaimResult.NotRegistered.class);
    assertThat(leases.claim(worker, new ClaimRequest(0, "s1", job.id(), 1, "t1", 1, true)))
        .isInstanceOf(ClaimResult.NotRegistered.class);
    assertThat(now(job).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void aReportWithAnotherTokenOrGenerationOrByAnotherWorkerChangesNothing() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    claim(job, "t1", 1);
    Job running = now(job);
    assertThat(finish(job, "t2", PASSED)).isEqualTo(new FinishResult.Fenced(Refusal.FENCED));
    assertThat(
            leases.finish(worker, job.id(), new FinishRequest(2, "t1", PASSED, AttemptReport.NONE)))
        .isEqualTo(new FinishResult.Fenced(Refusal.FENCED));
    Caller other = world.worker("w2");
    assertThat(
            leases.finish(other, job.id(), new FinishRequest(1, "t1", PASSED, AttemptReport.NONE)))
        .isEqualTo(new FinishResult.Fenced(Refusal.FENCED));
    assertThat(
            leases.finish(worker, "none", new FinishRequest(1, "t1", PASSED, AttemptReport.NONE)))
        .isEqualTo(new FinishResult.UnknownJob("none"));
    assertThat(now(job)).isEqualTo(running);
    assertThat(world.store().results()).isEmpty();
  }

  @Test
  void anOldTokenIsFencedAfterTheJobWasQueuedAgain() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    claim(job, "t1", 1);
    world.clock().tick(POLICY.lease().plusMillis(1));
    dispatcher.sweep();
    Job again = now(job);
    assertThat(again.state()).isEqualTo(JobState.QUEUED);
    assertThat(finish(job, "t1", PASSED)).isInstanceOf(FinishResult.Fenced.class);
    assertThat(now(job)).isEqualTo(again);
  }

  @Test
  void aLostLeaseCountsUntilItsWorkerIsHeardAgain() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    claim(job, "t1", 1);
    world.clock().tick(POLICY.lease().plusMillis(1));
    dispatcher.sweep();
    assertThat(now(job).brokenAttempts()).isEqualTo(1);
    beat(List.of());
    assertThat(now(job).brokenAttempts()).as("it did not kill its worker").isZero();
    assertThat(now(job).state()).isEqualTo(JobState.QUEUED);
    world.clock().tick(POLICY.lease().multipliedBy(2));
    beat(List.of());
    assertThat(now(job).brokenAttempts()).as("and not once more").isZero();
  }

  /** A tick that came to nothing after it had sent: nobody knows of it where it is kept apart. */
  @Test
  void aJobThatBrokeBeforeIsClaimedOnlyWhereItWasNotedToGo() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    claim(job, "t1", 1);
    world.clock().tick(POLICY.lease().plusMillis(1));
    dispatcher.sweep();
    Job again = now(job);
    assertThat(again.suspect()).isTrue();
    assertThat(claim(again, "t2", 1)).isEqualTo(new ClaimResult.Lost(Refusal.STALE));
    handed(again);
    assertThat(claim(again, "t2", 1)).isInstanceOf(ClaimResult.Granted.class);
  }

  private void handed(Job job) {
    world.store().released(List.of(new BoardStore.Released(job.id(), job.generation(), "s1")));
  }

  @Test
  void aWorkerThatStartsAnewSaysNothingForWhatItsEarlierProcessRan() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    claim(job, "t1", 1);
    world.clock().tick(POLICY.lease().plusMillis(1));
    dispatcher.sweep();
    fleet.register(worker, proof("proof"), "1", List.of(Fixtures.offer("s1")));
    fleet.beat(
        worker,
        new Fleet.BeatReport(
            2, List.of(new Fleet.SlotReport(Fixtures.offer("s1"), true, 1, List.of())), List.of()));
    assertThat(now(job).brokenAttempts()).isEqualTo(1);
  }

  @Test
  void aRestartedWorkerSuspectsOnlyTheJobsThatItWasAt() {
    List<Job> jobs = Fixtures.queued(world, 1, 3);
    claim(jobs.get(0), "t1", 3);
    assertThat(jobs).allMatch(job -> now(job).state() == JobState.RUNNING);
    fleet.register(
        worker, proof("proof", Set.of(jobs.get(1).id())), "1", List.of(Fixtures.offer("s1")));
    assertThat(jobs).allMatch(job -> now(job).state() == JobState.QUEUED);
    assertThat(jobs).extracting(job -> now(job).brokenAttempts()).containsExactly(0, 1, 0);
  }

  @Test
  void aWorkerThatComesBackLateAcquitsTheJobsThatItWasNotAt() {
    List<Job> jobs = Fixtures.queued(world, 1, 3);
    claim(jobs.get(0), "t1", 3);
    world.clock().tick(POLICY.lease().plusMillis(1));
    dispatcher.sweep();
    assertThat(jobs).extracting(job -> now(job).brokenAttempts()).containsExactly(1, 1, 1);
    fleet.register(
        worker, proof("proof", Set.of(jobs.get(1).id())), "1", List.of(Fixtures.offer("s1")));
    assertThat(jobs).extracting(job -> now(job).brokenAttempts()).containsExactly(0, 1, 0);
    fleet.register(worker, proof("proof", Set.of()), "1", List.of(Fixtures.offer("s1")));
    assertThat(jobs).extracting(job -> now(job).brokenAttempts()).containsExactly(0, 1, 0);
  }

  @Test
  void aRestartLeavesALeaseThatRanOutToTheSweepWhichKnowsOfAbsences() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    claim(job, "t1", 1);
    Instant granted = world.clock().instant();
    world.clock().tick(POLICY.lease().multipliedBy(2));
    fleet.register(worker, proof("proof"), "1", List.of(Fixtures.offer("s1")));
    assertThat(now(job).brokenAttempts()).isZero();
    Dispatcher returned =
        new Dispatcher(
            world.store(),
            world.store(),
            world.store(),
            sent::addAll,
            POLICY,
            quiet,
            least -> new Absence(granted.plusMillis(1), world.clock().instant()));
    assertThat(returned.sweep()).isEqualTo(1);
    assertThat(now(job).state()).isEqualTo(JobState.QUEUED);
    assertThat(now(job).brokenAttempts()).isZero();
  }

  @Test
  void aLeaseThatALivingWorkerLetsGoCountsAgainstNobody() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    claim(job, "t1", 1);
    world.clock().tick(POLICY.lease().minusMillis(1));
    beat(List.of());
    world.clock().tick(Duration.ofMillis(2));
    assertThat(dispatcher.sweep()).isEqualTo(1);
    assertThat(now(job).state()).isEqualTo(JobState.QUEUED);
    assertThat(now(job).brokenAttempts()).isZero();
    assertThat(world.store().requeues(job.id()))
        .extracting(Requeue::reason)
        .containsExactly(Requeue.Reason.INTERRUPTED);
  }

  @Test
  void aBeatForAnotherWorkersLeaseIsToldToStopAndRenewsNothing() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    claim(job, "t1", 1);
    Caller other = world.worker("w2");
    fleet.register(other, proof("another"), "1", List.of(Fixtures.offer("s2")));
    world.clock().tick(Duration.ofSeconds(30));
    Fleet.BeatResult answer =
        fleet.beat(
            other,
            new Fleet.BeatReport(1, List.of(), List.of(new Fleet.HeldLease(job.id(), 1, "t1"))));
    assertThat(((Fleet.BeatResult.Answer) answer).leases())
        .singleElement()
        .returns(false, Fleet.LeaseAnswer::goOn);
    world.clock().tick(Duration.ofSeconds(31));
    assertThat(dispatcher.sweep()).isEqualTo(1);
    assertThat(now(job).state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void anotherWorkersTokenForTheSameJobGetsNoGrant() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    claim(job, "t1", 1);
    Caller other = world.worker("w2");
    fleet.register(other, proof("another"), "1", List.of(Fixtures.offer("s2")));
    assertThat(leases.claim(other, new ClaimRequest(1, "s2", job.id(), 1, "t1", 1, true)))
        .isEqualTo(new ClaimResult.Lost(Refusal.TAKEN));
  }

  @Test
  void aRepeatedFinishIsTheSameFinish() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    claim(job, "t1", 1);
    FinishResult first = finish(job, "t1", PASSED);
    assertThat(finish(job, "t1", PASSED)).isEqualTo(first);
    assertThat(finish(job, "t1", new Ending(JobState.FAILED, FailureKind.TEST, "x")))
        .isInstanceOf(FinishResult.Fenced.class);
    assertThat(world.store().results()).hasSize(1);
  }

  @Test
  void aFinishUnderAnExpiredLeaseIsFenced() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    claim(job, "t1", 1);
    world.clock().tick(POLICY.lease());
    assertThat(finish(job, "t1", PASSED)).isEqualTo(new FinishResult.Fenced(Refusal.FENCED));
    assertThat(dispatcher.sweep()).isEqualTo(1);
    assertThat(now(job).state()).isEqualTo(JobState.QUEUED);
    assertThat(now(job).generation()).isEqualTo(2);
    assertThat(finish(job, "t1", PASSED)).isEqualTo(new FinishResult.Fenced(Refusal.FENCED));
    assertThat(now(job).state()).as("a late report changes nothing").isEqualTo(JobState.QUEUED);
  }

  @Test
  void aBeatKeepsALeaseAlive() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    claim(job, "t1", 1);
    List<Fleet.HeldLease> held = List.of(new Fleet.HeldLease(job.id(), 1, "t1"));
    for (int i = 0; i < 5; i++) {
      world.clock().tick(Duration.ofSeconds(50));
      assertThat(((Fleet.BeatResult.Answer) beat(held)).leases())
          .containsExactly(new Fleet.LeaseAnswer(job.id(), true, null));
    }
    assertThat(dispatcher.sweep()).isZero();
    world.clock().tick(POLICY.lease());
    assertThat(((Fleet.BeatResult.Answer) beat(held)).leases().get(0).goOn()).isFalse();
  }

  @Test
  void aRestartedWorkerEndsItsEarlierLeasesAtOnce() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    claim(job, "t1", 1);
    fleet.register(worker, proof("proof"), "1", List.of(Fixtures.offer("s1")));
    assertThat(now(job).state()).isEqualTo(JobState.QUEUED);
    assertThat(finish(job, "t1", PASSED)).isEqualTo(new FinishResult.Fenced(Refusal.FENCED));
    assertThat(now(job).state()).isEqualTo(JobState.QUEUED);
  }

  private static Nudge waking(List<Target> woken) {
    return new Nudge() {
      @Override
      public void workChanged(Target target) {
        woken.add(target);
      }

      @Override
      public void stop(String workerId, String jobId, long generation) {}
    };
  }

  /** A look at everything costs more than all else that a finish does. */
  @Test
  void aVerdictWakesNobodyWhileItsSlotGoesOnWithTheRestOfItsClaim() {
    List<Target> woken = new ArrayList<>();
    LeaseDesk watched =
        new LeaseDesk(world.store(), world.store(), world.store(), POLICY, waking(woken));
    List<Job> jobs = Fixtures.queued(world, 1, 5);
    claim(jobs.get(0), "t1", 5);
    assertThat(jobs).allMatch(job -> now(job).state() == JobState.RUNNING);

    FinishRequest passed = new FinishRequest(1, "t1", PASSED, AttemptReport.NONE);
    watched.finish(worker, jobs.get(0).id(), passed);
    watched.finishAll(
        worker,
        List.of(told(jobs.get(1).id(), "t1", PASSED), told(jobs.get(2).id(), "t1", PASSED)));
    assertThat(woken).isEmpty();

    Ending broken = new Ending(JobState.ERROR, FailureKind.INFRASTRUCTURE, "gone");
    watched.finish(
        worker, jobs.get(3).id(), new FinishRequest(1, "t1", broken, AttemptReport.NONE));
    assertThat(woken).as("it is queued again").containsExactly(Target.EMULATOR);
    woken.clear();
    watched.finishAll(worker, List.of(told(jobs.get(4).id(), "t1", PASSED)));
    assertThat(woken).as("the slot is free").containsExactly(Target.EMULATOR);
  }

  @Test
  void aBeatThatBringsNothingNewWakesNobody() {
    List<Target> woken = new ArrayList<>();
    FleetDesk watched = new FleetDesk(world.store(), world.store(), POLICY, waking(woken));
    watched.beat(worker, report(true));
    assertThat(woken).isEmpty();
    watched.beat(worker, report(false));
    assertThat(woken).containsExactly(Target.EMULATOR);
    watched.beat(worker, report(true));
    world.clock().tick(POLICY.lease());
    woken.clear();
    watched.beat(worker, report(true));
    assertThat(woken).containsExactly(Target.EMULATOR);
  }

  private static Fleet.BeatReport report(boolean attached) {
    return new Fleet.BeatReport(
        1, List.of(new Fleet.SlotReport(Fixtures.offer("s1"), attached, 1, List.of())), List.of());
  }

  @Test
  void aRegistrationThatIsSentAgainIsTheSameOne() {
    Fleet.StateProof proof = proof("proof");
    Fleet.Registration first = fleet.register(worker, proof, "1", List.of(Fixtures.offer("s1")));
    long incarnation = ((Fleet.Registration.Registered) first).worker().incarnation();
    Job job = Fixtures.queued(world, 1, 1).get(0);
    leases.claim(
        worker, new ClaimRequest(incarnation, "s1", job.id(), job.generation(), "t1", 1, true));

    Fleet.Registration again = fleet.register(worker, proof, "1", List.of(Fixtures.offer("s1")));

    assertThat(((Fleet.Registration.Registered) again).worker().incarnation())
        .isEqualTo(incarnation);
    assertThat(now(job).state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aRegistrationThatComesLateChangesNothing() {
    Fleet.StateProof late = proof("proof");
    long incarnation =
        ((Fleet.Registration.Registered)
                fleet.register(worker, proof("proof"), "1", List.of(Fixtures.offer("s1"))))
            .worker()
            .incarnation();
    Job job = Fixtures.queued(world, 1, 1).get(0);
    leases.claim(
        worker, new ClaimRequest(incarnation, "s1", job.id(), job.generation(), "t1", 1, true));

    assertThat(fleet.register(worker, late, "1", List.of()))
        .isInstanceOf(Fleet.Registration.Late.class);
    assertThat(now(job).state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aRegistrationThatComesAfterItsWorkerHasLeftChangesNothing() {
    Fleet.StateProof proof = proof("proof");
    long incarnation =
        ((Fleet.Registration.Registered) fleet.register(worker, proof, "1", List.of()))
            .worker()
            .incarnation();
    fleet.leave(worker, incarnation);

    assertThat(fleet.register(worker, proof, "1", List.of(Fixtures.offer("s1"))))
        .isInstanceOf(Fleet.Registration.Late.class);
    assertThat(fleet.slots()).isEmpty();
  }

  @Test
  void anotherStateUnderTheSameNameIsRefusedWhileTheFirstBeats() {
    assertThat(fleet.register(worker, proof("stranger"), "1", List.of()))
        .isInstanceOf(Fleet.Registration.Occupied.class);
    world.clock().tick(POLICY.lease());
    assertThat(fleet.register(worker, proof("stranger"), "1", List.of()))
        .isInstanceOf(Fleet.Registration.Registered.class);
  }

  @Test
  void anotherStateUnderTheSameNameWaitsForTheLeasesOfTheOneBefore() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    world.clock().tick(POLICY.lease().dividedBy(2));
    claim(job, "t1", 1);
    world.clock().tick(POLICY.lease().dividedBy(2));
    for (int i = 0; i < 2; i++) {
      assertThat(fleet.register(worker, proof("stranger"), "1", List.of()))
          .isInstanceOf(Fleet.Registration.Occupied.class);
    }
    assertThat(now(job).state()).isEqualTo(JobState.RUNNING);
    world.clock().tick(POLICY.lease().dividedBy(2));
    assertThat(fleet.register(worker, proof("stranger"), "1", List.of()))
        .isInstanceOf(Fleet.Registration.Registered.class);
  }

  @Test
  void aMessageThatGotLostIsSentAgainUnderTheNextGeneration() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    dispatcher.tick(Target.EMULATOR);
    world.clock().tick(POLICY.grace());
    beat(List.of());
    assertThat(dispatcher.sweep()).isEqualTo(1);
    dispatcher.tick(Target.EMULATOR);
    assertThat(sent).hasSize(2);
    assertThat(sent.get(1)).isEqualTo(new Bus.Dispatch.HandOff("w1", "s1", job.id(), 2, 0));
  }

  @Test
  void aJobThatKillsItsWorkerEndsAsAnErrorAfterThreeAttempts() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    for (int attempt = 1; attempt <= 3; attempt++) {
      handed(now(job));
      assertThat(claim(now(job), "t" + attempt, 1)).isInstanceOf(ClaimResult.Granted.class);
      world.clock().tick(POLICY.lease());
      dispatcher.sweep();
    }
    assertThat(now(job).state()).isEqualTo(JobState.ERROR);
    assertThat(now(job).attempt()).isEqualTo(3);
    assertThat(world.store().results()).hasSize(3);
  }

  private Fleet.StateProof proof(String secret, Set<String> begun) {
    return new Fleet.StateProof(secret, ++registrations, begun);
  }

  private Fleet.StateProof proof(String secret) {
    return new Fleet.StateProof(secret, ++registrations);
  }
}
