package dev.qgjob.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.fleet.Compatibility;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobEvent;
import dev.qgjob.domain.job.JobMachine;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Release;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PlacementTest {
  private static final Instant NOW = Instant.parse("2026-03-01T09:00:00Z");
  private static final String APP = "com.acme.app";
  private static final Duration RUN = Duration.ofSeconds(10);

  private final List<Board.WaitingGroup> groups = new ArrayList<>();
  private final List<Board.SlotLoad> slots = new ArrayList<>();
  private final Set<String> suspects = new HashSet<>();

  private void slot(String id, int running, String... held) {
    slot(id, running, Duration.ZERO, held);
  }

  /** Jobs of ten seconds, the one that runs for so long already. */
  private void slot(String id, int running, Duration busyWith, String... held) {
    slots.add(
        new Board.SlotLoad(
            new Slot(
                id,
                "w1",
                Target.EMULATOR,
                id,
                Map.of(),
                held.length == 0 ? Map.of() : Map.of(APP, held[0]),
                true,
                1,
                NOW),
            running,
            running == 0
                ? Duration.ZERO
                : Remaining.of(Duration.ZERO, RUN.multipliedBy(running), running, busyWith)));
  }

  private static Job job(String org, String version, int number) {
    GroupKey key = new GroupKey(org, version, 1, Target.EMULATOR);
    return Job.queued(version + "-" + number, "run_1", key, "a.spec.js", 0, 0, NOW);
  }

  private void marked(String id, int running, String... held) {
    slots.add(
        new Board.SlotLoad(
            new Slot(
                id,
                "w1",
                Target.EMULATOR,
                id,
                Slot.FOR_UNTRUSTED,
                held.length == 0 ? Map.of() : Map.of(APP, held[0]),
                true,
                1,
                NOW),
            running));
  }

  @Test
  void whatIsTrustedNeverGoesToASlotForStrangersAndIsNotLeftToTheBroker() {
    marked("s1", 0, "sha-v1");
    group("v1", 2);
    assertThat(decide()).isEmpty();
    slot("s2", 0);
    assertThat(decide()).containsExactly(toSlot(job("acme", "v1", 0), "s2"));
  }

  @Test
  void whatStrangersSubmitGoesOnlyToASlotForThem() {
    slot("s1", 0, "sha-v1");
    twoOfVersion1(new Board.Need(RUN, Slot.FOR_UNTRUSTED));
    assertThat(decide()).isEmpty();
    marked("s2", 0);
    assertThat(decide()).containsExactly(toSlot(job("acme", "v1", 0), "s2"));
  }

  @Test
  void aBuildGoesToASlotThatCanHaveItAndIsNotLeftToTheBroker() {
    Map<String, String> old = Map.of(Compatibility.API_LEVEL, "26");
    slots.add(
        new Board.SlotLoad(
            new Slot("s1", "w1", Target.EMULATOR, "s1", old, Map.of(), true, 1, NOW), 0));
    twoOfVersion1(
        new Board.Need(
            RUN,
            Map.of(),
            Set.of(),
            new Compatibility(List.of(new Compatibility.Demand(Set.of(), 28)), List.of())));
    assertThat(decide()).isEmpty();
    slot("s2", 0);
    assertThat(decide()).containsExactly(toSlot(job("acme", "v1", 0), "s2"));
  }

  /** Jobs that ask for this. */
  private void twoOfVersion1(Board.Need need) {
    group("v1", 2);
    Board.WaitingGroup group = groups.remove(0);
    groups.add(
        new Board.WaitingGroup(
            group.key(),
            0,
            null,
            null,
            APP,
            "sha-v1",
            2,
            Set.of(),
            group.heads(),
            List.of(),
            RUN,
            group.setUp(),
            group.work(),
            RUN,
            Map.of("v1-0", need, "v1-1", need)));
  }

  private void group(String version, int jobs) {
    group("acme", version, 0, null, null, jobs, Set.of(), List.of());
  }

  private void group(
      String org,
      String version,
      int orgRunning,
      @Nullable String home,
      @Nullable Long pinnedAt,
      int jobs,
      Set<String> runningOn,
      List<Job> released) {
    List<Job> heads = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      heads.add(job(org, version, i));
    }
    groups.add(
        new Board.WaitingGroup(
            heads.isEmpty() ? released.get(0).group() : heads.get(0).group(),
            orgRunning,
            home,
            pinnedAt,
            APP,
            "sha-" + version,
            jobs + released.size(),
            runningOn,
            heads,
            released,
            RUN,
            Duration.ofSeconds(30)));
  }

  private List<Decision> decide() {
    return decide(NOW.plusSeconds(3));
  }

  private List<Decision> decide(Instant at) {
    return Placement.decide(new Board(Target.EMULATOR, at, groups, slots, suspects));
  }

  private static Decision toSlot(Job job, String slot) {
    return new Decision.HandOff(job, "w1", slot);
  }

  /** Measured there: half a minute to open a session, whatever phone it gets. */
  @Test
  void whereEachSessionIsSetUpAnewNoSlotIsWorthWaitingFor() {
    Job first = cloudJob(0);
    Job second = cloudJob(1);
    for (String id : List.of("s1", "s2")) {
      Map<String, String> holds = id.equals("s1") ? Map.of(APP, "sha-v1") : Map.of();
      slots.add(
          new Board.SlotLoad(
              new Slot(id, "w1", Target.BROWSERSTACK, id, Map.of(), holds, true, 1, NOW), 0));
    }
    groups.add(
        new Board.WaitingGroup(
            first.group(),
            0,
            "s1",
            null,
            APP,
            "sha-v1",
            2,
            Set.of(),
            List.of(first, second),
            List.of(),
            Duration.ofSeconds(2),
            Duration.ofSeconds(30)));
    assertThat(
            Placement.decide(
                new Board(Target.BROWSERSTACK, NOW.plusSeconds(3), groups, slots, suspects)))
        .containsExactlyInAnyOrder(toSlot(first, "s1"), toSlot(second, "s2"));
    assertThat(groups.get(0).work()).isEqualTo(Duration.ofSeconds(64));
  }

  private static Job cloudJob(int number) {
    return Job.queued(
        "cloud-" + number,
        "run",
        job("acme", "v1", 0).group().on(Target.BROWSERSTACK),
        "t" + number + ".spec.js",
        0,
        0,
        NOW);
  }

  @Test
  void withoutASlotNothingIsReleased() {
    group("v1", 3);
    assertThat(decide()).isEmpty();
  }

  @Test
  void aGroupWithoutAHomeHasOneMessageOut() {
    slot("s1", 0);
    slot("s2", 0);
    group("v1", 3);
    assertThat(decide()).containsExactly(new Decision.Share(job("acme", "v1", 0)));
  }

  @Test
  void whileThatMessageIsOutNothingFollows() {
    slot("s1", 0);
    slot("s2", 0);
    Job out = released(job("acme", "v1", 9), null, null);
    group("acme", "v1", 1, null, null, 2, Set.of(), List.of(out));
    assertThat(decide()).isEmpty();
  }

  private static Job released(Job job, @Nullable String slot, @Nullable String noted) {
    return new Job(
        job.id(),
        job.runId(),
        job.group(),
        job.testPath(),
        job.part(),
        0,
        job.state(),
        1,
        0,
        0,
        0,
        null,
        null,
        false,
        0,
        dev.qgjob.domain.job.Isolation.AS_ASKED,
        null,
        new Release(1, slot, NOW, noted, noted == null ? null : NOW),
        false,
        null,
        null,
        job.createdAt(),
        null,
        null);
  }

  @Test
  void twoGroupsShareTwoIdleSlots() {
    slot("s1", 0);
    slot("s2", 0);
    group("v1", 2);
    group("v2", 2);
    assertThat(decide())
        .containsExactly(
            new Decision.Share(job("acme", "v1", 0)), new Decision.Share(job("acme", "v2", 0)));
  }

  @Test
  void theHomeIsReachedThroughThePinWhileItHolds() {
    slot("s1", 1, "sha-v1");
    group("acme", "v1", 1, "s1", 1L, 2, Set.of("s1"), List.of());
    assertThat(decide()).containsExactly(new Decision.Share(job("acme", "v1", 0)));
  }

  @Test
  void theHomeIsHandedToOnceThePinIsGone() {
    slot("s1", 1, "sha-v1");
    group("acme", "v1", 1, "s1", 0L, 2, Set.of("s1"), List.of());
    assertThat(decide()).containsExactly(toSlot(job("acme", "v1", 0), "s1"));
  }

  @Test
  void oneWaitsWhileOneRuns() {
    slot("s1", 1, "sha-v1");
    Job waiting = released(job("acme", "v1", 9), "s1", null);
    group("acme", "v1", 2, "s1", 1L, 2, Set.of("s1"), List.of(waiting));
    assertThat(decide()).isEmpty();
  }

  @Test
  void nothingIsBoundToASlotThatIsBusyForLonger() {
    slot("s1", 2, "sha-v1");
    group("acme", "v1", 2, "s1", 1L, 2, Set.of("s1"), List.of());
    assertThat(decide()).as("free in 20 s").isEmpty();
    slots.clear();
    slot("s1", 1, "sha-v1");
    assertThat(decide()).as("free in 10 s").hasSize(1);
  }

  @Test
  void anIdleSlotThatHoldsTheBuildHelpsAtOnce() {
    slot("s1", 1, "sha-v1");
    slot("s2", 0, "sha-v1");
    group("acme", "v1", 1, "s1", 1L, 2, Set.of("s1"), List.of());
    assertThat(decide())
        .containsExactly(
            toSlot(job("acme", "v1", 0), "s2"), new Decision.Share(job("acme", "v1", 1)));
  }

  @Test
  void anIdleSlotWithoutTheBuildHelpsOnlyWhereAnInstallPays() {
    slot("s1", 1, "sha-v1");
    slot("s2", 0);
    group("acme", "v1", 1, "s1", 1L, 3, Set.of("s1"), List.of());
    assertThat(decide()).as("30 s of work left, 30 s to install").hasSize(1);
    groups.clear();
    group("acme", "v1", 1, "s1", 1L, 4, Set.of("s1"), List.of());
    assertThat(decide()).as("50 s instead of 40 s: a third of an install").hasSize(1);
    groups.clear();
    group("acme", "v1", 1, "s1", 1L, 6, Set.of("s1"), List.of());
    assertThat(decide()).as("70 s instead of 50 s").contains(toSlot(job("acme", "v1", 0), "s2"));
  }

  @Test
  void anInstallWaitsUntilTheSubmissionsHaveSettled() {
    slot("s1", 1, "sha-v1");
    slot("s2", 0);
    group("acme", "v1", 1, "s1", 1L, 9, Set.of("s1"), List.of());
    assertThat(decide(NOW.plusMillis(2_900))).hasSize(1);
    assertThat(decide(NOW.plusSeconds(3))).hasSize(2);
  }

  /** An install of 8 s: on a further slot the one job that waits would end in 18. */
  @Test
  void noInstallIsMadeForAJobThatEndsSoonerWithoutIt() {
    assertThat(decideOnTheLast(Duration.ofSeconds(3))).as("ends in 17 s where it waits").isEmpty();
    assertThat(decideOnTheLast(Duration.ofSeconds(1))).as("ends in 19 s there").hasSize(1);
  }

  /** A job waits at a slot that has been at another for so long; one more slot is idle. */
  private List<Decision> decideOnTheLast(Duration busyWith) {
    slots.clear();
    groups.clear();
    slot("s1", 1, busyWith, "sha-v1");
    slot("s2", 0);
    Job last = released(job("acme", "v1", 0), "s1");
    groups.add(
        new Board.WaitingGroup(
            last.group(),
            1,
            "s1",
            1L,
            APP,
            "sha-v1",
            1,
            Set.of("s1"),
            List.of(),
            List.of(last),
            RUN,
            Duration.ofSeconds(8)));
    return decide();
  }

  @Test
  void aMessagePinnedToABusySlotIsRedirectedToAnIdleOne() {
    slot("s1", 1, "sha-v1");
    slot("s2", 0);
    Job stuck = released(job("acme", "v2", 0), null, "s1");
    group("acme", "v2", 1, null, null, 0, Set.of(), List.of(stuck));
    assertThat(decide()).containsExactly(new Decision.Redirect(stuck, "w1", "s2"));
  }

  @Test
  void anInterruptedJobAtABusySlotGoesToAnIdleOneBeforeAllElse() {
    slot("s1", 1, "sha-v1");
    slot("s2", 0);
    Job stuck = released(interrupted(job("acme", "v2", 0)), "s1");
    group("acme", "v2", 1, null, null, 0, Set.of(), List.of(stuck));
    group("modest", "v3", 0, null, null, 2, Set.of(), List.of());
    assertThat(decide()).containsExactly(new Decision.Redirect(stuck, "w1", "s2"));
  }

  private static Job interrupted(Job job) {
    Lease lease = new Lease("t", "s9", "w9", 1, NOW);
    Job running = next(job, new JobEvent.Claimed(1, lease));
    return next(running, new JobEvent.Interrupted(1, "the database was away"));
  }

  private static Job next(Job job, JobEvent event) {
    return ((Transition.Next) JobMachine.apply(job, event, NOW)).job();
  }

  private static Job released(Job job, String slot) {
    return job.with(null, new Release(job.generation(), slot, NOW, null, null));
  }

  @Test
  void aSlotStaysOnItsBuildWhileThatHasWork() {
    slot("s1", 1, "sha-v1");
    group("acme", "v1", 1, "s1", 1L, 2, Set.of("s1"), List.of());
    group("acme", "v2", 0, null, null, 2, Set.of(), List.of());
    assertThat(decide()).containsExactly(new Decision.Share(job("acme", "v1", 0)));
  }

  @Test
  void aSlotLeavesItsBuildForAGroupOfItsOrgThatWouldEndLater() {
    assertThat(versionOfTheSlotsNext(2, 0)).as("own group ends in 25 s without it").isEqualTo("v2");
    assertThat(versionOfTheSlotsNext(30, 0)).as("own group ends in 310 s").isEqualTo("v1");
  }

  @Test
  void aSlotDoesNotLeaveItsBuildForAGroupThatIsLessUrgent() {
    assertThat(versionOfTheSlotsNext(2, 1)).as("its own group goes first").isEqualTo("v1");
    assertThat(versionOfTheSlotsNext(2, -1)).as("its own group goes last").isEqualTo("v2");
  }

  /**
   * The version that an idle slot goes on with which holds v1, as two that are busy do, while 30
   * jobs of v2 wait for the one slot that works on them, for 310 s.
   *
   * @param own jobs of v1 that wait, half of them for each of its slots
   * @param priority of v1
   */
  private String versionOfTheSlotsNext(int own, int priority) {
    slots.clear();
    groups.clear();
    slot("s1", 0, "sha-v1");
    slot("s2", 2, "sha-v1");
    slot("s3", 2, "sha-v1");
    slot("s4", 2, "sha-v2");
    group("acme", "v1", 4, "s2", 1L, 2 * own, Set.of("s2", "s3"), List.of());
    prioritise(priority);
    group("acme", "v2", 2, "s4", 1L, 30, Set.of("s4"), List.of());
    List<Decision> decisions = decide();
    assertThat(decisions).hasSize(1);
    assertThat(decisions.get(0)).isInstanceOf(Decision.HandOff.class);
    return decisions.get(0).job().group().appVersionId();
  }

  @Test
  void oneOfTwoSlotsIsLeftToAGroupThatHasToBegin() {
    slot("s1", 0, "sha-v1");
    slot("s2", 1, "sha-v1");
    group("acme", "v1", 1, "s2", 1L, 3, Set.of("s2"), List.of());
    group("acme", "v2", 0, null, null, 12, Set.of(), List.of());
    assertThat(decide()).contains(toSlot(job("acme", "v2", 0), "s1"));
  }

  /** One slot of four has been at its job for ten minutes; the others do the work in 30 seconds. */
  @Test
  void aGroupWithASlotThatHangsTakesNoneOfAnother() {
    slot("s1", 0, "sha-v1");
    slot("s2", 2, "sha-v1");
    slot("s3", 2, "sha-v1");
    slot("s4", 1, Duration.ofMinutes(10), "sha-v2");
    slot("s5", 1, "sha-v2");
    slot("s6", 1, "sha-v2");
    slot("s7", 1, "sha-v2");
    group("acme", "v1", 4, "s2", 1L, 8, Set.of("s2", "s3"), List.of());
    group("acme", "v2", 4, "s5", 1L, 13, Set.of("s4", "s5", "s6", "s7"), List.of());
    assertThat(decide()).contains(toSlot(job("acme", "v1", 0), "s1"));
  }

  /** The last group's jobs were submitted with this priority. */
  private void prioritise(int priority) {
    Board.WaitingGroup group = groups.remove(groups.size() - 1);
    List<Job> heads =
        group.heads().stream()
            .map(j -> Job.queued(j.id(), j.runId(), j.group(), j.testPath(), priority, 0, NOW))
            .toList();
    groups.add(
        new Board.WaitingGroup(
            group.key(),
            group.orgRunning(),
            group.home(),
            group.pinnedAt(),
            group.packageName(),
            group.buildSha256(),
            group.queued(),
            group.runningOn(),
            heads,
            List.of(),
            RUN,
            group.setUp()));
  }

  @Test
  void lateJobsOfAVersionThatASlotHoldsJoinItWhileThatIsFair() {
    Duration patience = Duration.ofSeconds(30).multipliedBy(Placement.PATIENCE);
    assertThat(decideOnLateJob(patience.minusMinutes(1))).isEqualTo("v1");
    assertThat(decideOnLateJob(patience.plusMinutes(1))).isEqualTo("v2");
  }

  /**
   * The version whose job goes to an idle slot that holds v1, where v2 has waited from the
   * beginning and v1's job was submitted so much later.
   */
  private String decideOnLateJob(Duration later) {
    slots.clear();
    groups.clear();
    slot("s1", 0, "sha-v1");
    group("acme", "v2", 0, null, null, 2, Set.of(), List.of());
    Job early = job("acme", "v1", 0);
    Job late = Job.queued("late", "run_2", early.group(), early.testPath(), 0, 0, NOW.plus(later));
    groups.add(
        new Board.WaitingGroup(
            late.group(),
            0,
            "s1",
            null,
            APP,
            "sha-v1",
            1,
            Set.of(),
            List.of(late),
            List.of(),
            RUN,
            Duration.ofSeconds(30)));
    List<Decision> decisions = decide(NOW.plus(later).plusSeconds(3));
    assertThat(decisions).hasSize(1);
    return decisions.get(0).job().group().appVersionId();
  }

  @Test
  void theLeastServedOrgGoesFirst() {
    slot("s1", 0);
    group("greedy", "v1", 5, null, null, 1, Set.of(), List.of());
    group("modest", "v2", 0, null, null, 1, Set.of(), List.of());
    assertThat(decide()).containsExactly(new Decision.Share(job("modest", "v2", 0)));
  }

  @Test
  void aSlotLeavesItsBuildForAnOrgWhoseDebtExceedsAnInstall() {
    slot("s1", 0, "sha-v1");
    group("greedy", "v1", 0, "s1", 1L, 5, Set.of(), List.of());
    group("modest", "v2", 0, null, null, 5, Set.of(), List.of());
    assertThat(decideServed(29, 0)).containsExactly(new Decision.Share(job("greedy", "v1", 0)));
    assertThat(decideServed(31, 0)).containsExactly(toSlot(job("modest", "v2", 0), "s1"));
  }

  private List<Decision> decideServed(int greedy, int modest) {
    return decideShared(
        Map.of(
            "greedy", new Board.Share(1, Board.NO_CAP, Duration.ofSeconds(greedy)),
            "modest", new Board.Share(1, Board.NO_CAP, Duration.ofSeconds(modest))));
  }

  private List<Decision> decideShared(Map<String, Board.Share> orgs) {
    return Placement.decide(
        new Board(Target.EMULATOR, NOW, groups, slots, suspects, orgs, Board.NO_CAP));
  }

  @Test
  void anOrgAtItsCapGetsNothingMore() {
    slot("s1", 0);
    slot("s2", 1);
    group("acme", "v1", 1, null, null, 5, Set.of("s2"), List.of());
    assertThat(decideShared(Map.of("acme", new Board.Share(1, 1, null)))).isEmpty();
    Minutes spent = new Minutes(3, Duration.ofMinutes(3), Minutes.resetAfter(NOW));
    assertThat(decideShared(Map.of("acme", new Board.Share(1, Board.NO_CAP, null, spent))))
        .isEmpty();
  }

  @Test
  void weightZeroWaitsForAllOthers() {
    slot("s1", 0);
    group("idle", "v1", 0, null, null, 1, Set.of(), List.of());
    group("acme", "v2", 3, null, null, 1, Set.of(), List.of());
    assertThat(decideShared(Map.of("idle", new Board.Share(0, Board.NO_CAP, null))))
        .containsExactly(new Decision.Share(job("acme", "v2", 0)));
  }

  @Test
  void aBrokenJobGoesElsewhereAndNotThroughThePin() {
    slot("s1", 0, "sha-v1");
    slot("s2", 0);
    groups.add(broken());
    assertThat(decide())
        .singleElement()
        .isInstanceOfSatisfying(
            Decision.HandOff.class, d -> assertThat(d.slotId()).isEqualTo("s2"));
  }

  @Test
  void aBrokenJobWaitsForAnotherSlotWhereThereIsOne() {
    slot("s1", 0, "sha-v1");
    slot("s2", 1);
    Board.WaitingGroup group = broken();
    groups.add(group);
    assertThat(decide())
        .singleElement()
        .isInstanceOfSatisfying(
            Decision.HandOff.class, d -> assertThat(d.slotId()).isEqualTo("s2"));
  }

  @Test
  void aBrokenJobReturnsToTheOnlySlot() {
    slot("s1", 0, "sha-v1");
    groups.add(broken());
    assertThat(decide())
        .singleElement()
        .isInstanceOfSatisfying(
            Decision.HandOff.class, d -> assertThat(d.slotId()).isEqualTo("s1"));
  }

  @Test
  void aBrokenJobThatHasToWaitHoldsUpNobodyElse() {
    slot("s1", 0, "sha-v1");
    slot("s2", 1, "sha-v2");
    Job next = released(job("acme", "v2", 9), "s2", "s2");
    group("acme", "v2", 2, "s2", 1L, 0, Set.of("s2"), List.of(next));
    groups.add(broken(job("acme", "v1", 1)));
    assertThat(decide()).containsExactly(new Decision.Share(job("acme", "v1", 1)));
  }

  @Test
  void aBrokenJobDoesNotWaitBehindWorkThatIsOverdue() {
    slot("s1", 1, Duration.ofSeconds(1), "sha-v1");
    slot("s2", 1, Duration.ofSeconds(40), "sha-v1");
    slot("s3", 1, Duration.ofSeconds(8), "sha-v2");
    groups.add(broken());
    assertThat(decide())
        .singleElement()
        .isInstanceOfSatisfying(
            Decision.HandOff.class, d -> assertThat(d.slotId()).isEqualTo("s3"));
  }

  @Test
  void aJobThatBrokeIsKeptApartFromAnotherThatDid() {
    slot("s1", 0);
    slot("s2", 0);
    groups.add(broken());
    suspects.add("w1");
    assertThat(decide()).isEmpty();
  }

  @Test
  void ofTwoThatBrokeOnAWorkerItGetsOneAtATime() {
    slot("s1", 0);
    slot("s2", 0);
    slot("s3", 0);
    Board.WaitingGroup group = broken();
    groups.add(broken(new Job[] {renamed(group.heads().get(0), "v1-9")}));
    assertThat(decide()).singleElement().isInstanceOf(Decision.HandOff.class);
  }

  private static Job renamed(Job job, String id) {
    Job fresh = Job.queued(id, job.runId(), job.group(), job.testPath(), 0, 0, NOW);
    dev.qgjob.domain.job.Lease lease = new dev.qgjob.domain.job.Lease("t2", "s2", "w1", 1, NOW);
    Job running =
        ((Transition.Next) JobMachine.apply(fresh, new JobEvent.Claimed(1, lease), NOW)).job();
    return ((Transition.Next) JobMachine.apply(running, new JobEvent.LeaseLost(1, "x"), NOW)).job();
  }

  private static Board.WaitingGroup broken(Job... behind) {
    Job job = job("acme", "v1", 0);
    dev.qgjob.domain.job.Lease lease = new dev.qgjob.domain.job.Lease("t", "s1", "w1", 1, NOW);
    Job running =
        ((Transition.Next) JobMachine.apply(job, new JobEvent.Claimed(1, lease), NOW)).job();
    Job again =
        ((Transition.Next) JobMachine.apply(running, new JobEvent.LeaseLost(1, "x"), NOW)).job();
    List<Job> heads = new ArrayList<>(List.of(again));
    heads.addAll(List.of(behind));
    return new Board.WaitingGroup(
        job.group(),
        0,
        "s1",
        1L,
        APP,
        "sha-v1",
        heads.size(),
        Set.of(),
        heads,
        List.of(),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30));
  }
}
