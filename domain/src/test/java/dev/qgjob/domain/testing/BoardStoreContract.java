package dev.qgjob.domain.testing;

import static dev.qgjob.domain.testing.Fixtures.GROUP;
import static dev.qgjob.domain.testing.Fixtures.lease;
import static dev.qgjob.domain.testing.Fixtures.queued;
import static dev.qgjob.domain.testing.Fixtures.running;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.fleet.Compatibility;
import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.fleet.Hold;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.Due;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobEvent;
import dev.qgjob.domain.job.JobMachine;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.lease.JobStore.LeaseGuard;
import dev.qgjob.domain.lease.JobStore.Waiting;
import dev.qgjob.domain.placement.Board;
import dev.qgjob.domain.placement.BoardStore;
import dev.qgjob.domain.placement.BoardStore.Released;
import dev.qgjob.domain.placement.Figure;
import dev.qgjob.domain.placement.FigureKey;
import dev.qgjob.domain.placement.Minutes;
import dev.qgjob.domain.placement.Resource;
import dev.qgjob.domain.placement.Transfers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link BoardStore} promises. */
public interface BoardStoreContract {
  Duration LEASE = Duration.ofMinutes(10);

  World world();

  private List<Job> jobs(int count) {
    world().org(Fixtures.ORG);
    world().worker("w1");
    Fixtures.slots(world(), "w1", "s1", "s2");
    return queued(world(), 1, count);
  }

  private Board board() {
    return world().in(s -> s.boards().read(Target.EMULATOR, LEASE));
  }

  @Test
  default void aBoardShowsWaitingGroupsAndLiveSlots() {
    List<Job> jobs = jobs(3);
    Board board = board();
    assertThat(board.slots()).extracting(l -> l.slot().id()).containsExactlyInAnyOrder("s1", "s2");
    assertThat(board.groups()).hasSize(1);
    Board.WaitingGroup group = board.groups().get(0);
    assertThat(group.key()).isEqualTo(GROUP);
    assertThat(group.queued()).isEqualTo(3);
    assertThat(group.heads()).extracting(Job::id).containsExactlyElementsOf(ids(jobs));
    assertThat(group.released()).isEmpty();
    assertThat(group.home()).isNull();
    assertThat(group.packageName()).isEqualTo(Fixtures.PACKAGE);
    assertThat(group.buildSha256()).isEqualTo(Fixtures.sha(1));
    assertThat(group.runTime()).isEqualTo(BoardStore.DEFAULT_RUN);
    assertThat(group.setUp()).isEqualTo(BoardStore.DEFAULT_SET_UP);
    assertThat(world().in(s -> s.boards().read(Target.DEVICE, LEASE)).groups()).isEmpty();
  }

  @Test
  default void thereIsRoomWhereALiveSlotHasNothingWaiting() {
    List<Job> jobs = jobs(3);
    assertThat(room()).isTrue();
    release(jobs.get(0), "s1");
    assertThat(room()).isTrue();
    release(jobs.get(1), null);
    assertThat(room()).as("nobody knows yet where the second one waits").isTrue();
    noted("s2", jobs.get(1));
    assertThat(room()).isFalse();
    Job running =
        running(jobs.get(0), lease("token-1", "s1", world().in(s -> s.jobs().now()).plus(LEASE)));
    Fixtures.replace(world(), jobs.get(0), running, LeaseGuard.ANY);
    assertThat(room()).as("it runs, and another one may wait").isTrue();
    assertThat(Typed.bool(world().in(s -> s.boards().hasRoom(Target.DEVICE, LEASE)))).isFalse();
  }

  @Test
  default void aSentJobOfAGroupWaitsAtItsHome() {
    List<Job> jobs = jobs(2);
    home("s1", 4L);
    release(jobs.get(0), null);
    assertThat(room()).isTrue();
    release(jobs.get(1), "s2");
    assertThat(room()).isFalse();
  }

  private boolean room() {
    return Typed.bool(world().in(s -> s.boards().hasRoom(Target.EMULATOR, LEASE)));
  }

  private void noted(String slotId, Job job) {
    world()
        .in(
            s -> {
              s.fleet().noteInbox(slotId, List.of(new Fleet.InboxEntry(job.id(), 1)));
              return null;
            });
  }

  @Test
  default void aJobNeedsWhatItsRunWishesFor() {
    jobs(1);
    world()
        .in(
            s -> {
              Slot s1 = s.fleet().slot("s1").orElseThrow();
              s.fleet()
                  .saveSlot(
                      new Slot(
                          "s1",
                          s1.workerId(),
                          s1.target(),
                          s1.udid(),
                          Map.of("model", "Pixel 8", "shelf", "2"),
                          Map.of(),
                          true,
                          2,
                          s1.lastBeatAt()));
              return null;
            });
    Job wishing = queued(world(), 1, 1, Map.of("model", "Pixel 8")).get(0);
    Board.WaitingGroup group = board().groups().get(0);
    assertThat(group.heads()).hasSize(2);
    assertThat(group.need(wishing).device()).isEqualTo(Map.of("model", "Pixel 8"));
    assertThat(group.need(group.heads().get(0)).device()).isEmpty();
    assertThat(world().in(s -> s.jobs().run(wishing.runId()).orElseThrow()).device())
        .isEqualTo(Map.of("model", "Pixel 8"));
  }

  @Test
  default void aJobNeedsASlotThatItsBuildCanBeInstalledOn() {
    Compatibility recent =
        new Compatibility(List.of(new Compatibility.Demand(Set.of("arm64-v8a"), 30)), List.of());
    world().org(Fixtures.ORG);
    world().worker("w1");
    Fixtures.slots(world(), "w1", "s1");
    level("s1", "26");
    world()
        .in(
            s -> {
              s.submissions().addBuild(Fixtures.build(1, recent));
              return null;
            });
    Job job = queued(world(), 1, 1).get(0);
    assertThat(board().groups().get(0).need(job).compatibility())
        .as("where none will do, the refusal is the verdict")
        .isEqualTo(Compatibility.ANY);

    Fixtures.slots(world(), "w1", "s1", "s2");
    level("s1", "26");
    assertThat(board().groups().get(0).need(job).compatibility()).isEqualTo(recent);
  }

  private void level(String slotId, String level) {
    world()
        .in(
            s -> {
              Slot slot = s.fleet().slot(slotId).orElseThrow();
              s.fleet()
                  .saveSlot(
                      new Slot(
                          slotId,
                          slot.workerId(),
                          slot.target(),
                          slot.udid(),
                          Map.of(Compatibility.API_LEVEL, level),
                          Map.of(),
                          true,
                          2,
                          slot.lastBeatAt()));
              return null;
            });
  }

  @Test
  default void jobsThatNoSlotIsGoodEnoughForHideNobody() {
    jobs(0);
    queued(world(), 1, 60, Map.of("model", "Pixel 99"));
    Job behind = queued(world(), 1, 1).get(0);
    Board.WaitingGroup group = board().groups().get(0);
    assertThat(group.heads()).extracting(Job::id).containsExactly(behind.id());
    assertThat(group.queued()).isEqualTo(61);
  }

  @Test
  default void whatHasPriorityIsFirstAndClaimedFirst() {
    jobs(0);
    Instant now = world().in(s -> s.jobs().now());
    Job later = Fixtures.queuedThen(world(), 1, 0, now).get(0);
    Job old = Fixtures.queuedThen(world(), 1, 0, now.minusSeconds(60)).get(0);
    Job low = Fixtures.queuedThen(world(), 1, -1, now.minusSeconds(60)).get(0);
    Job urgent = Fixtures.queuedThen(world(), 1, 1, now).get(0);
    List<String> order = List.of(urgent.id(), old.id(), later.id(), low.id());
    assertThat(board().groups().get(0).heads()).extracting(Job::id).isEqualTo(order);
    assertThat(claimed(10)).isEqualTo(order);
  }

  @Test
  default void anOldJobComesBeforeMoreOfHigherPriorityThanATickLooksAt() {
    jobs(0);
    Instant now = world().in(s -> s.jobs().now());
    Fixtures.queuedThen(world(), 2_000, 1, now);
    Job young = Fixtures.queuedThen(world(), 1, 0, now.minus(Due.STEP).plusSeconds(1)).get(0);
    assertThat(board().groups().get(0).heads())
        .hasSizeLessThan(1_000)
        .extracting(Job::id)
        .doesNotContain(young.id());
    Job old = Fixtures.queuedThen(world(), 1, 0, now.minus(Due.STEP).minusMillis(1)).get(0);
    assertThat(board().groups().get(0).heads().get(0).id()).isEqualTo(old.id());
    assertThat(claimed(1)).containsExactly(old.id());
  }

  private List<String> claimed(int most) {
    return list(world().in(s -> s.jobs().waiting(GROUP, "s1", most))).stream()
        .map(Waiting::id)
        .toList();
  }

  private static List<Waiting> list(List<Waiting> waiting) {
    return waiting;
  }

  @Test
  default void ofManyGroupsEachShowsItsFirst() {
    jobs(0);
    for (int build = 1; build <= 70; build++) {
      queued(world(), build, 3);
    }
    assertThat(board().groups())
        .hasSize(70)
        .allSatisfy(
            group -> {
              assertThat(group.heads()).hasSize(3);
              assertThat(group.buildSha256()).isEqualTo(Fixtures.sha(group.key().build()));
            });
  }

  private static List<String> ids(List<Job> jobs) {
    return jobs.stream().map(Job::id).toList();
  }

  private List<Transfers.Candidate> transferable(Target into) {
    return world().in(s -> s.boards().transferable(s.boards().read(into, LEASE), 10));
  }

  private void device(String id, Map<String, String> capabilities) {
    world()
        .in(
            s -> {
              s.fleet()
                  .saveSlot(
                      new Slot(
                          id,
                          "w1",
                          Target.DEVICE,
                          "udid-" + id,
                          capabilities,
                          Map.of(),
                          true,
                          1,
                          s.jobs().now()));
              return null;
            });
  }

  @Test
  default void jobsOfRunsWithSeveralTargetsMayGoOn() {
    jobs(2);
    device("d1", Map.of("model", "Pixel 8"));
    List<Job> any = Fixtures.queuedForAny(world(), 1, 2, Map.of());
    List<Transfers.Candidate> found = transferable(Target.DEVICE);
    assertThat(found).extracting(c -> c.job().id()).containsExactlyElementsOf(ids(any));
    assertThat(found.get(0).buildSha256()).isEqualTo(Fixtures.sha(1));
    assertThat(found.get(0).packageName()).isEqualTo(Fixtures.PACKAGE);
    assertThat(found.get(0).runHere()).isEqualTo(BoardStore.DEFAULT_RUN);
    assertThat(found.get(0).setUpHere()).isEqualTo(BoardStore.DEFAULT_SET_UP);
    assertThat(transferable(Target.EMULATOR)).as("they are there").isEmpty();
    assertThat(transferable(Target.BROWSERSTACK)).as("nobody allowed it").isEmpty();
    release(any.get(0), "s1");
    assertThat(transferable(Target.DEVICE)).as("what was sent stays").hasSize(1);
  }

  @Test
  default void whoHasUsedTheMinutesGoesNowhereNear() {
    jobs(0);
    world()
        .in(
            s -> {
              s.fleet()
                  .saveSlot(
                      new Slot(
                          "b1",
                          "w1",
                          Target.BROWSERSTACK,
                          null,
                          Map.of(),
                          Map.of(),
                          true,
                          1,
                          s.jobs().now()));
              return null;
            });
    List<Job> jobs = Fixtures.queuedForCloud(world(), 2);
    transferred(jobs.get(0), Target.BROWSERSTACK);
    assertThat(cloud().minutes()).as("no limit").isNull();
    world().browserStackMinutes(Fixtures.ORG, 10);
    Instant now = world().in(s -> s.jobs().now());
    Instant next = Minutes.resetAfter(now);
    assertThat(cloud().minutes()).isEqualTo(new Minutes(10, Duration.ZERO, next));
    assertThat(transferable(Target.BROWSERSTACK)).hasSize(1);
    spend(now, Duration.ofMinutes(6));
    spend(now.minus(Duration.ofDays(40)), Duration.ofMinutes(60));
    assertThat(cloud().minutes()).isEqualTo(new Minutes(10, Duration.ofMinutes(6), next));
    spend(now, Duration.ofMinutes(4));
    Minutes spent = new Minutes(10, Duration.ofMinutes(10), next);
    assertThat(spent.spent()).isTrue();
    assertThat(cloud().minutes()).isEqualTo(spent);
    assertThat(Typed.opt(world().in(s -> s.submissions().minutes(Fixtures.ORG)))).contains(spent);
    assertThat(transferable(Target.BROWSERSTACK)).isEmpty();
    assertThat(board().orgs().get(Fixtures.ORG).minutes()).as("of other targets").isNull();
  }

  private Board.Share cloud() {
    return world().in(s -> s.boards().read(Target.BROWSERSTACK, LEASE)).orgs().get(Fixtures.ORG);
  }

  private void spend(Instant at, Duration time) {
    world()
        .in(
            s -> {
              s.books().spend(Fixtures.ORG, Minutes.monthOf(at), time);
              return null;
            });
  }

  @Test
  default void whatWishesForAnotherDeviceHidesNobody() {
    jobs(0);
    device("d1", Map.of("model", "Pixel 8"));
    Fixtures.queuedForAny(world(), 1, 30, Map.of("model", "Pixel 99"));
    List<Job> any = Fixtures.queuedForAny(world(), 1, 1, Map.of("model", "Pixel 8"));
    assertThat(transferable(Target.DEVICE))
        .extracting(c -> c.job().id())
        .containsExactlyElementsOf(ids(any));
  }

  @Test
  default void aTransferredJobWaitsAtTheOtherTarget() {
    jobs(0);
    device("d1", Map.of());
    Job job = Fixtures.queuedForAny(world(), 1, 1, Map.of()).get(0);
    for (Target to : List.of(Target.DEVICE, Target.EMULATOR, Target.DEVICE)) {
      assertThat(transferable(to)).hasSize(1);
      job = transferred(job, to);
      assertThat(Fixtures.now(world(), job)).isEqualTo(job);
      assertThat(transferable(to)).isEmpty();
    }
    assertThat(board().groups()).isEmpty();
    Board.WaitingGroup group =
        world().in(s -> s.boards().read(Target.DEVICE, LEASE)).groups().get(0);
    assertThat(group.key()).isEqualTo(GROUP.on(Target.DEVICE));
    assertThat(group.heads()).containsExactly(job);
    assertThat(transferable(Target.EMULATOR)).as("it went to and fro often enough").isEmpty();
    String runId = job.runId();
    assertThat(world().in(s -> s.jobs().run(runId).orElseThrow()).projectOn(Target.DEVICE))
        .isEqualTo("device");
  }

  private Job transferred(Job job, Target to) {
    Transition.Next next =
        (Transition.Next)
            JobMachine.apply(
                job,
                new JobEvent.Transferred(job.generation(), to),
                world().in(s -> s.jobs().now()));
    assertThat(Fixtures.replace(world(), job, next.job(), LeaseGuard.ANY)).isTrue();
    return next.job();
  }

  @Test
  default void whatIsSentOrRunsUsesAResource() {
    jobs(0);
    world().resource(Fixtures.ORG, "account", 2);
    List<Job> some = Fixtures.queuedWith(world(), 1, 3, "account");
    String key = Resource.key(Fixtures.ORG, "account");
    Board board = board();
    assertThat(board.groups().get(0).need(some.get(0)).resources()).containsExactly(key);
    assertThat(board.left()).isEqualTo(Map.of(key, 2));
    assertThat(stock(key)).isEqualTo(Map.of(key, 2));
    release(some.get(0), "s1");
    assertThat(stock(key)).isEqualTo(Map.of(key, 1));
    Job running =
        running(some.get(1), lease("token-1", "s2", world().in(s -> s.jobs().now()).plus(LEASE)));
    Fixtures.replace(world(), some.get(1), running, LeaseGuard.ANY);
    assertThat(stock(key)).isEqualTo(Map.of(key, 0));
    assertThat(stock("other/account")).as("nobody limits it").isEmpty();
  }

  @Test
  default void whatHasToWaitForAResourceHidesNobody() {
    jobs(0);
    world().resource(Fixtures.ORG, "account", 1);
    List<Job> some = Fixtures.queuedWith(world(), 1, 60, "account");
    Job running =
        running(some.get(0), lease("token-1", "s2", world().in(s -> s.jobs().now()).plus(LEASE)));
    Fixtures.replace(world(), some.get(0), running, LeaseGuard.ANY);
    List<Job> others = queued(world(), 1, 1);
    assertThat(board().groups().get(0).heads())
        .extracting(Job::id)
        .containsExactlyElementsOf(ids(others));
  }

  private void hold(String slotId) {
    world()
        .in(
            s -> {
              s.fleet().hold(new Hold(slotId, s.jobs().now().plus(LEASE), "mine", "tok_1"));
              return null;
            });
  }

  @Test
  default void aSlotThatIsHeldGetsNothing() {
    List<Job> jobs = jobs(3);
    release(jobs.get(0), "s1");
    release(jobs.get(1), null);
    noted("s1", jobs.get(1));
    hold("s1");
    Board.SlotLoad held =
        board().slots().stream().filter(l -> l.slot().id().equals("s1")).findFirst().orElseThrow();
    assertThat(held.held()).isTrue();
    assertThat(held.busyFor()).isBetween(LEASE.minusMinutes(1), LEASE);
    assertThat(unreported()).as("what waits there goes elsewhere").hasSize(2);
    hold("s2");
    assertThat(Typed.bool(room())).isFalse();
    assertThat(world().in(s -> s.fleet().holds()).keySet()).containsExactlyInAnyOrder("s1", "s2");
    assertThat(Typed.bool(world().in(s -> s.fleet().release("s2")))).isTrue();
    assertThat(Typed.bool(world().in(s -> s.fleet().release("s2")))).isFalse();
    assertThat(Typed.bool(room())).isTrue();
    assertThat(world().in(s -> s.fleet().holds()).get("s1").reason()).isEqualTo("mine");
  }

  private List<Job> unreported() {
    return world().in(s -> s.boards().unreported(Target.EMULATOR, LEASE, LEASE, 10));
  }

  private Map<String, Integer> stock(String key) {
    return world().in(s -> s.boards().takeStock(Set.of(key)));
  }

  @Test
  default void aReleasedJobIsNoHeadAnyMore() {
    List<Job> jobs = jobs(2);
    release(jobs.get(0), null);
    Board.WaitingGroup group = board().groups().get(0);
    assertThat(group.heads()).extracting(Job::id).containsExactly(jobs.get(1).id());
    assertThat(group.released()).extracting(Job::id).containsExactly(jobs.get(0).id());
    assertThat(group.orgRunning()).isEqualTo(1);
  }

  private void release(Job job, String slotId) {
    world()
        .in(
            s -> {
              s.boards().released(List.of(new Released(job.id(), job.generation(), slotId)));
              return null;
            });
  }

  @Test
  default void aReleaseOfAnOldGenerationIsNotNoted() {
    Job job = jobs(1).get(0);
    world()
        .in(
            s -> {
              s.boards().released(List.of(new Released(job.id(), 7, null)));
              return null;
            });
    assertThat(board().groups().get(0).released()).isEmpty();
  }

  @Test
  default void aRunningJobCountsWhereItRuns() {
    List<Job> jobs = jobs(2);
    Job running =
        running(jobs.get(0), lease("token-1", "s1", world().in(s -> s.jobs().now()).plus(LEASE)));
    Fixtures.replace(world(), jobs.get(0), running, LeaseGuard.ANY);
    Board board = board();
    assertThat(board.groups().get(0).runningOn()).containsExactly("s1");
    assertThat(board.slots())
        .anySatisfy(
            l -> {
              assertThat(l.slot().id()).isEqualTo("s1");
              assertThat(l.running()).isEqualTo(1);
            });
  }

  @Test
  default void aSlotIsBusySinceItTookWhatItRuns() {
    Job job = jobs(1).get(0);
    Instant now = world().in(s -> s.jobs().now());
    JobEvent claimed = new JobEvent.Claimed(1, lease("token-1", "s1", now.plus(LEASE)));
    Job running = ((Transition.Next) JobMachine.apply(job, claimed, now.minusSeconds(90))).job();
    Fixtures.replace(world(), job, running, LeaseGuard.ANY);
    world()
        .in(
            s -> {
              s.jobs().attemptStarted(running);
              return null;
            });
    // its run and its install were due forty seconds ago: it goes on for as long again
    assertThat(busyFor("s1")).isBetween(Duration.ofSeconds(90), LEASE);
    assertThat(busyFor("s2")).isZero();
  }

  private Duration busyFor(String slotId) {
    return board().slots().stream()
        .filter(load -> load.slot().id().equals(slotId))
        .findFirst()
        .orElseThrow()
        .busyFor();
  }

  @Test
  default void theHomeIsTheSlotThatLastClaimed() {
    jobs(1);
    home("s1", 4L);
    assertThat(board().groups().get(0).home()).isEqualTo("s1");
    assertThat(board().groups().get(0).pinnedAt()).isEqualTo(4L);
    home("s2", null);
    assertThat(board().groups().get(0).home()).isEqualTo("s2");
    assertThat(board().groups().get(0).pinnedAt()).isNull();
  }

  private void home(String slotId, Long pinnedAt) {
    world()
        .in(
            s -> {
              s.boards().home(GROUP, slotId, pinnedAt);
              return null;
            });
  }

  @Test
  default void aWorkerWithAJobThatBrokeBeforeIsNamed() {
    List<Job> jobs = jobs(3);
    Job broken = broken(jobs.get(0));
    Job waiting = broken(jobs.get(1));
    assertThat(board().suspects()).isEmpty();
    release(broken, "s1");
    assertThat(board().suspects()).containsExactly("w1");
    Job again =
        running(broken, lease("token-9", "s1", world().in(s -> s.jobs().now()).plus(LEASE)));
    assertThat(Fixtures.replace(world(), broken, again, LeaseGuard.ANY)).isTrue();
    assertThat(waiting.suspect()).isTrue();
    assertThat(board().suspects()).containsExactly("w1");
  }

  private Job broken(Job job) {
    Instant now = world().in(s -> s.jobs().now());
    Lease lease = lease("token-" + job.id(), "s1", now.plus(LEASE));
    Job running =
        ((Transition.Next) JobMachine.apply(job, new JobEvent.Claimed(1, lease), now)).job();
    Job again =
        ((Transition.Next) JobMachine.apply(running, new JobEvent.LeaseLost(1, "gone"), now)).job();
    Job due = Fixtures.dueAt(again, now.minusSeconds(1));
    assertThat(Fixtures.replace(world(), job, running, LeaseGuard.ANY)).isTrue();
    assertThat(Fixtures.replace(world(), running, due, LeaseGuard.ANY)).isTrue();
    return due;
  }

  @Test
  default void figuresAreMovingAverages() {
    jobs(1);
    assertThat(runTime()).isEmpty();
    learned(Duration.ofSeconds(10), Duration.ofSeconds(4));
    learned(null, Duration.ofSeconds(14));
    Board.WaitingGroup group = board().groups().get(0);
    assertThat(group.setUp()).isEqualTo(Duration.ofSeconds(10));
    assertThat(group.runTime()).isEqualTo(Duration.ofSeconds(7));
    assertThat(runTime()).contains(Duration.ofSeconds(7));
  }

  private Optional<Duration> runTime() {
    return Typed.opt(world().in(s -> s.boards().runTime(GROUP)));
  }

  @Test
  default void aBoardKnowsWeightsAndCaps() {
    jobs(1);
    assertThat(board().orgs().get(Fixtures.ORG))
        .isEqualTo(new Board.Share(1, Board.NO_CAP, Duration.ZERO));
    assertThat(board().cap()).isEqualTo(Board.NO_CAP);
    world().share(Fixtures.ORG, 2.5, 3);
    world().cap(Target.EMULATOR, 7);
    assertThat(board().orgs().get(Fixtures.ORG)).isEqualTo(new Board.Share(2.5, 3, Duration.ZERO));
    assertThat(board().cap()).isEqualTo(7);
  }

  @Test
  default void whatRunsCountsAsServedAndKeepsItsSlotBusy() {
    List<Job> jobs = jobs(2);
    Job running = started(jobs.get(0));
    Board board = board();
    Duration whole = BoardStore.DEFAULT_RUN.plus(BoardStore.DEFAULT_SET_UP);
    assertThat(board.orgs().get(Fixtures.ORG).served()).isEqualTo(whole);
    assertThat(board.slots())
        .filteredOn(l -> l.running() == 1)
        .singleElement()
        .satisfies(
            l -> assertThat(l.busyFor()).isPositive().isBetween(whole.minusSeconds(10), whole));
    assertThat(board.slots())
        .filteredOn(l -> l.running() == 0)
        .singleElement()
        .satisfies(l -> assertThat(l.busyFor()).isZero());
    assertThat(running.lease()).isNotNull();
  }

  @Test
  default void aSlotThatTookSeveralRunsOneAtATime() {
    List<Job> jobs = jobs(3);
    started(jobs.get(0));
    started(jobs.get(1));
    Board board = board();
    assertThat(board.groups().get(0).orgRunning()).isEqualTo(1);
    assertThat(board.slots())
        .filteredOn(l -> l.slot().id().equals("s1"))
        .singleElement()
        .satisfies(
            l -> {
              assertThat(l.running()).isEqualTo(2);
              assertThat(l.busyFor())
                  .isGreaterThan(BoardStore.DEFAULT_RUN.plus(BoardStore.DEFAULT_SET_UP));
            });
  }

  private Job started(Job job) {
    Instant until = world().in(s -> s.jobs().now()).plus(LEASE);
    Job running = running(job, lease("token-" + job.id(), "s1", until));
    world()
        .in(
            s -> {
              assertThat(s.jobs().replace(job, running, LeaseGuard.ANY)).isTrue();
              s.jobs().attemptStarted(running);
              return null;
            });
    return running;
  }

  @Test
  default void whatIsMeasuredOfASpecIsItsForecast() {
    List<Job> jobs = jobs(3);
    FigureKey spec =
        FigureKey.spec(Fixtures.ORG, Fixtures.PACKAGE, Target.EMULATOR, jobs.get(1).testPath());
    FigureKey setUp = FigureKey.setUp(Fixtures.ORG, Fixtures.PACKAGE, Target.EMULATOR);
    FigureKey run = FigureKey.run(Fixtures.ORG, Fixtures.PACKAGE, Target.EMULATOR);
    world()
        .in(
            s -> {
              s.books()
                  .save(
                      Map.of(
                          spec, Figure.first(Duration.ofSeconds(90)),
                          setUp, Figure.first(Duration.ofSeconds(11)),
                          run, Figure.first(Duration.ofSeconds(5))));
              return null;
            });
    Board.WaitingGroup group = board().groups().get(0);
    assertThat(group.need(jobs.get(1)).forecast()).isEqualTo(Duration.ofSeconds(90));
    assertThat(group.need(jobs.get(0)).forecast()).isEqualTo(Duration.ofSeconds(5));
    assertThat(group.longest()).isEqualTo(Duration.ofSeconds(90));
    assertThat(group.work()).isEqualTo(Duration.ofSeconds(100));
    assertThat(group.setUp()).as("of another build of the app").isEqualTo(Duration.ofSeconds(11));
    learned(Duration.ofSeconds(7), Duration.ofSeconds(8));
    assertThat(board().groups().get(0).setUp()).isEqualTo(Duration.ofSeconds(7));
    assertThat(board().groups().get(0).runTime()).isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  default void aPartOfASpecIsForecastAsItsShareOfIt() {
    List<Job> parts = Fixtures.queuedInParts(world(), 3);
    FigureKey spec =
        FigureKey.spec(Fixtures.ORG, Fixtures.PACKAGE, Target.EMULATOR, "long.spec.js");
    world()
        .in(
            s -> {
              s.books().save(Map.of(spec, Figure.first(Duration.ofSeconds(90))));
              return null;
            });
    Board.WaitingGroup group = board().groups().get(0);
    assertThat(group.heads()).containsExactlyInAnyOrderElementsOf(parts);
    assertThat(group.need(parts.get(1)).forecast()).isEqualTo(Duration.ofSeconds(30));
    assertThat(group.work()).isEqualTo(Duration.ofSeconds(90));
  }

  private void learned(Duration setUp, Duration run) {
    world()
        .in(
            s -> {
              s.boards().learned(GROUP, setUp, run);
              return null;
            });
  }

  @Test
  default void aMessageThatNoSlotReportsIsFound() {
    Job job = jobs(1).get(0);
    release(job, null);
    assertThat(unreported(LEASE)).isEmpty();
    assertThat(unreported(Duration.ZERO)).containsExactly(job.id());
  }

  @Test
  default void aMessageForASlotThatIsGoneIsFoundAtOnce() {
    Job job = jobs(1).get(0);
    release(job, "s1");
    assertThat(unreported(LEASE)).isEmpty();
    world()
        .in(
            s -> {
              s.fleet().removeSlot("s1");
              return null;
            });
    assertThat(unreported(LEASE)).containsExactly(job.id());
  }

  @Test
  default void aReportedMessageKeepsItsPlace() {
    Job job = jobs(1).get(0);
    release(job, null);
    world()
        .in(
            s -> {
              s.fleet().noteInbox("s2", List.of(new Fleet.InboxEntry(job.id(), 1)));
              return null;
            });
    assertThat(board().groups().get(0).released().get(0).release().notedSlotId()).isEqualTo("s2");
    assertThat(unreported(LEASE)).isEmpty();
  }

  private List<String> unreported(Duration grace) {
    return world().in(s -> ids(s.boards().unreported(Target.EMULATOR, grace, LEASE, 10)));
  }
}
