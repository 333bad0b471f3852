package dev.qgjob.domain.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.explain.Explanation.Kind;
import dev.qgjob.domain.fleet.Compatibility;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.FailureKind;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobEvent;
import dev.qgjob.domain.job.JobMachine;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Release;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.placement.Board;
import dev.qgjob.domain.placement.Minutes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ExplainerTest {
  private static final Instant NOW = Instant.parse("2026-03-01T09:00:00Z");
  private static final GroupKey GROUP = new GroupKey("acme", "1.0", 1, Target.EMULATOR);
  private static final Duration RUN = Duration.ofSeconds(20);
  private static final Duration SET_UP = Duration.ofSeconds(30);

  private final List<Board.SlotLoad> slots = new ArrayList<>();
  private final List<Board.WaitingGroup> others = new ArrayList<>();
  private final Map<String, Board.Share> orgs = new HashMap<>();
  private final Set<String> runningOn = new java.util.HashSet<>();
  private final Map<String, String> wish = new HashMap<>();
  private Compatibility compatibility = Compatibility.ANY;
  private final Set<String> suspects = new java.util.HashSet<>();
  private int orgRunning;
  private int cap = Board.NO_CAP;
  private Set<String> asked = Set.of();
  private Map<String, Integer> left = Map.of();
  private Map<String, String> unavailable = Map.of();
  private Duration timeout = Duration.ofMinutes(30);
  private Job job = Job.queued("j1", "r1", GROUP, "a.spec.js", 0, 0, NOW);

  private void slot(String id, int running, long busyFor, String... holds) {
    Map<String, String> held = holds.length == 0 ? Map.of() : Map.of("app", holds[0]);
    slots.add(
        new Board.SlotLoad(
            new Slot(id, "w-" + id, Target.EMULATOR, id, Map.of(), held, true, 1, NOW),
            running,
            Duration.ofSeconds(busyFor)));
  }

  private Board.WaitingGroup group(
      GroupKey key,
      String build,
      int queued,
      int orgRunning,
      Set<String> runningOn,
      Job job,
      Map<String, String> wish) {
    boolean head = job.unpublished();
    return new Board.WaitingGroup(
        key,
        orgRunning,
        null,
        null,
        "app",
        build,
        queued,
        runningOn,
        head ? List.of(job) : List.of(),
        head ? List.of() : List.of(job),
        RUN,
        SET_UP,
        RUN.multipliedBy(queued),
        RUN,
        Map.of(job.id(), new Board.Need(RUN, wish, asked, compatibility)));
  }

  private Explanation explain(int before) {
    return explain(before, Map.of());
  }

  private Explanation explain(int before, Map<String, String> onSlots) {
    List<Board.WaitingGroup> groups = new ArrayList<>(others);
    if (job.state() == JobState.QUEUED) {
      groups.add(group(GROUP, "mine", before + 1, orgRunning, runningOn, job, wish));
    }
    Board board = new Board(Target.EMULATOR, NOW, groups, slots, suspects, orgs, cap, left);
    return Explainer.explain(
        new Situation(
            job,
            board,
            wish,
            asked,
            before,
            onSlots,
            unavailable,
            RUN,
            Duration.ofSeconds(32),
            timeout));
  }

  private Job moved(JobEvent event) {
    return ((Transition.Next) JobMachine.apply(job, event, NOW)).job();
  }

  private void claimed() {
    job = moved(new JobEvent.Claimed(1, new Lease("t", "s1", "w-s1", 1, NOW.plusSeconds(60))));
  }

  private void released(@Nullable String slotId) {
    job =
        new Job(
            "j1",
            "r1",
            GROUP,
            "a.spec.js",
            dev.qgjob.domain.job.Part.WHOLE,
            0,
            JobState.QUEUED,
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
            new Release(1, slotId, NOW, null, null),
            false,
            null,
            null,
            NOW,
            null,
            null);
  }

  @Test
  void itWaitsForWhatOthersUse() {
    slot("s1", 0, 0);
    asked = Set.of("acme/account");
    left = Map.of("acme/account", 0);
    Explanation said = explain(0);
    assertThat(said.kind()).isEqualTo(Kind.RESOURCE);
    assertThat(said.line()).contains("resource account");
    assertThat(said.outlook()).as("who uses it is not known here").isNull();
    left = Map.of("acme/account", 1);
    assertThat(explain(0).kind()).isEqualTo(Kind.NEXT);
  }

  private void anIdleSlotTooOldForTheBuild() {
    slots.add(
        new Board.SlotLoad(
            new Slot(
                "s2",
                "w-s2",
                Target.EMULATOR,
                "s2",
                Map.of(Compatibility.API_LEVEL, "26"),
                Map.of(),
                true,
                1,
                NOW),
            0));
    compatibility = new Compatibility(List.of(new Compatibility.Demand(Set.of(), 30)), List.of());
  }

  @Test
  void anIdleSlotThatCannotHaveTheBuildDoesNotMatch() {
    slot("s1", 1, 15);
    anIdleSlotTooOldForTheBuild();
    Explanation said = explain(0);
    assertThat(said.kind()).isEqualTo(Kind.ALL_SLOTS_BUSY);
    assertThat(said.line()).startsWith("the one matching slot is busy: s1");
  }

  @Test
  void aBuildThatNoLiveSlotCanHaveIsToldAsSuch() {
    anIdleSlotTooOldForTheBuild();
    assertThat(explain(0).line())
        .startsWith("its build can be installed on no live slot of target emulator");
  }

  @Test
  void whatPassedIsNotToBeSubmittedAgain() {
    claimed();
    Job running = job;
    job = moved(new JobEvent.Finished(1, "t", new Ending(JobState.PASSED, null, null)));
    assertThat(explain(0).remedy()).isEqualTo("nothing: that is its verdict");
    job = running;
    job = moved(new JobEvent.Cancelled("me"));
    assertThat(explain(0).remedy()).isEqualTo("nothing: submit it again, or retry its run");
  }

  @Test
  void aVerdictIsTheEnd() {
    job = moved(new JobEvent.Cancelled("me"));
    Explanation said = explain(0);
    assertThat(said.kind()).isEqualTo(Kind.ENDED);
    assertThat(said.outlook()).isNull();
    assertThat(said.position()).isZero();
  }

  @Test
  void itRuns() {
    claimed();
    slot("s1", 1, 15);
    Explanation said = explain(0);
    assertThat(said.kind()).isEqualTo(Kind.RUNNING);
    assertThat(said.line()).isEqualTo("it runs on slot s1");
    assertThat(said.outlook().startP50()).isEqualTo(NOW);
    assertThat(said.outlook().finishP50()).isEqualTo(NOW.plusSeconds(15));
    assertThat(said.outlook().finishP90()).isEqualTo(NOW.plusSeconds(27));
  }

  @Test
  void whatRunsEndsByItsTimeoutHoweverLongItRanBefore() {
    job = claimedBefore(Duration.ofMinutes(25));
    slot("s1", 1, 25 * 60);
    Explanation.Outlook outlook = explain(0).outlook();
    assertThat(outlook.finishP50()).isEqualTo(NOW.plusSeconds(5 * 60));
    assertThat(outlook.finishP90()).isEqualTo(NOW.plusSeconds(5 * 60));
  }

  /** It was taken together with others, which have ended, or it is tried again. */
  @Test
  void whatBeganLaterThanIsKnownHasItsTimeoutBeforeIt() {
    job = claimedBefore(Duration.ofMinutes(40));
    slot("s1", 1, 40 * 60);
    assertThat(explain(0).outlook().finishP90()).isEqualTo(NOW.plus(timeout));
  }

  @Test
  void whatIsTriedAgainHasItsTimeoutAnew() {
    job = claimedBefore(Duration.ofMinutes(2));
    job = moved(new JobEvent.Finished(1, "t", broken()));
    Lease lease = new Lease("t", "s1", "w-s1", 1, NOW.plusSeconds(60));
    job = moved(new JobEvent.Claimed(job.generation(), lease));
    slot("s1", 1, 40 * 60);
    assertThat(explain(0).outlook().finishP90()).isEqualTo(NOW.plus(timeout));
  }

  private static Ending broken() {
    return new Ending(JobState.ERROR, FailureKind.INFRASTRUCTURE, "gone");
  }

  @Test
  void ofSeveralOnASlotEachMayTakeItsTimeout() {
    job = claimedBefore(Duration.ofMinutes(25));
    slot("s1", 2, 70 * 60);
    assertThat(explain(0).outlook().finishP50()).isEqualTo(NOW.plus(timeout).plus(timeout));
  }

  private Job claimedBefore(Duration ago) {
    Lease lease = new Lease("t", "s1", "w-s1", 1, NOW.plusSeconds(60));
    Transition claimed = JobMachine.apply(job, new JobEvent.Claimed(1, lease), NOW.minus(ago));
    return ((Transition.Next) claimed).job();
  }

  @Test
  void whatWaitsRunsNoLongerThanItsTimeout() {
    timeout = Duration.ofSeconds(7);
    slot("s1", 0, 0, "mine");
    Explanation.Outlook outlook = explain(0).outlook();
    assertThat(outlook.finishP50()).isEqualTo(outlook.startP50().plusSeconds(7));
    assertThat(outlook.finishP90()).isEqualTo(outlook.startP90().plusSeconds(7));
  }

  @Test
  void itBacksOff() {
    claimed();
    Ending broke = new Ending(JobState.ERROR, FailureKind.INFRASTRUCTURE, "the phone left");
    job = moved(new JobEvent.Finished(1, "t", broke));
    slot("s1", 0, 0);
    Explanation said = explain(0);
    assertThat(said.kind()).isEqualTo(Kind.BACKING_OFF);
    assertThat(said.line())
        .isEqualTo("backing off until 2026-03-01T09:00:01Z after attempt 1 broke: the phone left");
    assertThat(said.outlook().startP50()).isAfterOrEqualTo(NOW.plusSeconds(1));
  }

  @Test
  void thereIsNoLiveSlot() {
    Explanation said = explain(4);
    assertThat(said.kind()).isEqualTo(Kind.NO_LIVE_SLOT);
    assertThat(said.line()).isEqualTo("no live slot of target emulator");
    assertThat(said.outlook()).isNull();
    assertThat(said.position()).isEqualTo(5);
    assertThat(said.waiting()).isEqualTo(5);
  }

  @Test
  void slotsThatAreThereAndTakeNoJobSayWhy() {
    unavailable = Map.of("s2", "unauthorized", "s1", "battery at 7 %");
    Explanation said = explain(0);
    assertThat(said.kind()).isEqualTo(Kind.NO_LIVE_SLOT);
    assertThat(said.line())
        .isEqualTo(
            "no live slot of target emulator; 2 are there and take no job: s1 (battery at 7 %),"
                + " s2 (unauthorized)");
  }

  @Test
  void noSlotIsAsWished() {
    slot("s1", 0, 0);
    wish.put("model", "Pixel 99");
    Explanation said = explain(0);
    assertThat(said.kind()).isEqualTo(Kind.NO_SLOT_AS_WISHED);
    assertThat(said.line())
        .isEqualTo(
            "none of the 1 live slots of target emulator has what it wishes for: model=Pixel 99");
    assertThat(said.outlook()).isNull();
  }

  @Test
  void theOrgIsAtItsCap() {
    slot("s1", 1, 15);
    slot("s2", 0, 0);
    orgs.put("acme", new Board.Share(1, 1, Duration.ZERO));
    orgRunning = 1;
    Explanation said = explain(3);
    assertThat(said.kind()).isEqualTo(Kind.ORG_CAP);
    assertThat(said.line())
        .isEqualTo("org acme may run 1 job at once on target emulator, and 1 is at it");
    assertThat(said.remedy()).contains("qgjob admin org set acme --cap=N");
  }

  @Test
  void underTheCapItStartsWhenAJobOfTheOrgHasEnded() {
    slot("s1", 1, 600);
    slots.set(0, slots.get(0).of("acme"));
    slot("s2", 0, 0);
    orgs.put("acme", new Board.Share(1, 1, Duration.ZERO));
    orgRunning = 1;
    assertThat(explain(0).outlook().startP50()).isAfter(NOW.plusSeconds(300));
  }

  @Test
  void atASlotThatSomebodyHoldsItStartsWhenTheHoldIsOver() {
    slot("s1", 0, 0);
    slots.set(0, slots.get(0).heldFor(Duration.ofHours(1)));
    Explanation said = explain(0);
    assertThat(said.kind()).isEqualTo(Kind.ALL_SLOTS_BUSY);
    assertThat(said.outlook().startP50()).isAfterOrEqualTo(NOW.plus(Duration.ofHours(1)));
  }

  @Test
  void jobsThatUseTheOneThingStartOneAfterTheOther() {
    slot("s1", 0, 0);
    slot("s2", 0, 0);
    slot("s3", 0, 0);
    asked = Set.of("acme/account");
    left = Map.of("acme/account", 1);
    assertThat(explain(9).outlook().startP50()).isAfter(NOW.plus(RUN.multipliedBy(5)));
  }

  @Test
  void theOrgHasUsedItsMinutes() {
    slot("s1", 0, 0);
    Instant next = Minutes.resetAfter(NOW);
    Minutes spent = new Minutes(500, Duration.ofMinutes(501), next);
    orgs.put("acme", new Board.Share(1, Board.NO_CAP, Duration.ZERO, spent));
    Explanation said = explain(0);
    assertThat(said.kind()).isEqualTo(Kind.MINUTES_SPENT);
    assertThat(said.line())
        .contains("org acme has used its 500 minutes")
        .contains("the next one begins at " + next);
    assertThat(said.remedy()).contains("qgjob admin org set acme --browserstack-minutes N");
    assertThat(said.outlook()).isNotNull();
    assertThat(said.outlook().startP50()).isEqualTo(next);
    orgs.put(
        "acme",
        new Board.Share(
            1, Board.NO_CAP, Duration.ZERO, new Minutes(500, Duration.ofMinutes(499), next)));
    assertThat(explain(0).kind()).isEqualTo(Kind.NEXT);
  }

  @Test
  void theTargetIsAtItsCap() {
    slot("s1", 1, 15);
    slot("s2", 0, 0);
    cap = 1;
    assertThat(explain(0).kind()).isEqualTo(Kind.TARGET_CAP);
  }

  @Test
  void itWaitsAtASlotThatIsAtWork() {
    slot("s1", 1, 15);
    released("s1");
    Explanation said = explain(0, Map.of("s1", "job j0, b.spec.js"));
    assertThat(said.kind()).isEqualTo(Kind.AT_BUSY_SLOT);
    assertThat(said.line())
        .isEqualTo(
            "it waits at slot s1 (busy with job j0, b.spec.js, free about 2026-03-01T09:00:15Z)");
  }

  @Test
  void itWaitsAtASlotThatInstallsItsBuild() {
    slot("s1", 1, 45, "old");
    runningOn.add("s1");
    released("s1");
    Explanation said = explain(0, Map.of("s1", "job j0, b.spec.js"));
    assertThat(said.kind()).isEqualTo(Kind.INSTALLING);
    assertThat(said.line())
        .isEqualTo(
            "it waits at slot s1 (busy with job j0, b.spec.js, free about 2026-03-01T09:00:45Z),"
                + " where its build is being installed");
    slots.clear();
    slot("s1", 1, 15, "mine");
    assertThat(explain(0, Map.of()).kind()).isEqualTo(Kind.AT_BUSY_SLOT);
  }

  @Test
  void itWasSentAndNotYetTaken() {
    slot("s1", 0, 0);
    released("s1");
    assertThat(explain(0).kind()).isEqualTo(Kind.SENT);
    released(null);
    assertThat(explain(0).line())
        .isEqualTo("it was sent to the queue of target emulator, and no slot has taken it");
  }

  @Test
  void itIsKeptApart() {
    claimed();
    job = moved(new JobEvent.LeaseLost(1, "gone"));
    assertThat(job.suspect()).isTrue();
    slot("s2", 0, 0);
    suspects.add("w-s2");
    assertThat(explain(0).kind()).isEqualTo(Kind.KEPT_APART);
    slot("s3", 0, 0);
    assertThat(explain(0).kind()).isEqualTo(Kind.NEXT);
  }

  @Test
  void itIsBehindItsGroup() {
    slot("s1", 1, 15, "mine");
    runningOn.add("s1");
    Explanation said = explain(14);
    assertThat(said.kind()).isEqualTo(Kind.BEHIND_ITS_GROUP);
    assertThat(said.line())
        .isEqualTo(
            "behind 14 jobs of its group (app version 1.0 build 1) on slot s1 (busy with 1 job,"
                + " free about 2026-03-01T09:00:15Z)");
    assertThat(said.position()).isEqualTo(15);
    assertThat(said.outlook().startP50())
        .isBetween(NOW.plusSeconds(15 + 11 * 20), NOW.plusSeconds(15 + 19 * 20));
    assertThat(said.outlook().startP90()).isAfter(said.outlook().startP50());
    assertThat(said.outlook().finishP50()).isEqualTo(said.outlook().startP50().plus(RUN));
  }

  @Test
  void itsBuildIsBeingInstalled() {
    slot("s1", 1, 25, "old");
    runningOn.add("s1");
    assertThat(explain(0).kind()).isEqualTo(Kind.INSTALLING);
  }

  @Test
  void allSlotsAreBusy() {
    slot("s1", 1, 40);
    slot("s2", 1, 15);
    slot("s3", 1, 90);
    slot("s4", 2, 80);
    Explanation said = explain(0, Map.of("s2", "another org's work"));
    assertThat(said.kind()).isEqualTo(Kind.ALL_SLOTS_BUSY);
    assertThat(said.line())
        .isEqualTo(
            "all 4 matching slots are busy: s2 (busy with another org's work, free about"
                + " 2026-03-01T09:00:15Z); s1 (busy with 1 job, free about"
                + " 2026-03-01T09:00:40Z); s4 (busy with 2 jobs, free about"
                + " 2026-03-01T09:01:20Z); …");
  }

  @Test
  void idleSlotsAreKeptForOthers() {
    slot("s1", 0, 0, "other");
    GroupKey other = new GroupKey("acme", "2.0", 1, Target.EMULATOR);
    Job first = Job.queued("j9", "r9", other, "z.spec.js", 0, 0, NOW);
    others.add(group(other, "other", 30, 0, Set.of(), first, Map.of()));
    assertThat(explain(0).kind()).isEqualTo(Kind.SLOTS_KEPT);
  }

  @Test
  void itIsNext() {
    slot("s1", 0, 0);
    Explanation said = explain(0);
    assertThat(said.kind()).isEqualTo(Kind.NEXT);
    assertThat(said.outlook().startP50()).isEqualTo(NOW);
    assertThat(said.outlook().finishP50()).isEqualTo(NOW.plus(SET_UP).plus(RUN));
  }

  @Test
  void anOrgOfNoWeightWaitsForTheOthers() {
    slot("s1", 1, 15);
    slot("s2", 1, 15);
    orgs.put("acme", new Board.Share(0, Board.NO_CAP, Duration.ZERO));
    GroupKey other = new GroupKey("payer", "2.0", 1, Target.EMULATOR);
    Job first = Job.queued("j9", "r9", other, "z.spec.js", 0, 0, NOW);
    others.add(group(other, "other", 30, 0, Set.of(), first, Map.of()));
    Explanation said = explain(0);
    assertThat(said.outlook().startP50()).isAfter(NOW.plusSeconds(300));
  }
}
