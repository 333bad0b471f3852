package dev.qgjob.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.fleet.Hold;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobEvent;
import dev.qgjob.domain.job.JobMachine;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.lease.JobStore;
import dev.qgjob.domain.lease.LeasePolicy;
import dev.qgjob.domain.lease.Pulse;
import dev.qgjob.domain.testing.Fixtures;
import dev.qgjob.domain.testing.InMemoryWorld;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a tick carries out. */
final class DispatcherTest {
  private static final LeasePolicy POLICY = new LeasePolicy(Duration.ofSeconds(60), 16);

  private final InMemoryWorld world = new InMemoryWorld();
  private final List<Bus.Dispatch> sent = new ArrayList<>();
  private final Set<Target> woken = EnumSet.noneOf(Target.class);
  private final Map<Target, Duration> due = new EnumMap<>(Target.class);
  private final Nudge nudge =
      new Nudge() {
        @Override
        public void workChanged(Target target) {
          woken.add(target);
        }

        @Override
        public void workDue(Target target, Duration after) {
          due.merge(target, after, (a, b) -> a.compareTo(b) <= 0 ? a : b);
        }

        @Override
        public void stop(String workerId, String jobId, long generation) {}
      };
  private final List<Decided> logged = new ArrayList<>();
  private final Dispatcher dispatcher =
      new Dispatcher(
          world.store(),
          world.store(),
          world.store(),
          sent::addAll,
          POLICY,
          nudge,
          Pulse.STEADY,
          logged::add);

  @BeforeEach
  void aDeviceAndNoEmulator() {
    world.worker("w1");
    world
        .store()
        .saveSlot(
            new Slot(
                "d1",
                "w1",
                Target.DEVICE,
                "udid-d1",
                Map.of(),
                Map.of(),
                true,
                1,
                world.store().now()));
  }

  @Test
  void anIdleDeviceTakesWhatWaitsForAnEmulator() {
    Job job = Fixtures.queuedForAny(world, 1, 1, Map.of()).get(0);
    assertThat(dispatcher.tick(Target.DEVICE).moved()).isEqualTo(1);
    Job there = Fixtures.now(world, job);
    assertThat(there.group()).isEqualTo(Fixtures.GROUP.on(Target.DEVICE));
    assertThat(woken).as("both queues changed").contains(Target.EMULATOR, Target.DEVICE);
    assertThat(sent).isEmpty();
    dispatcher.tick(Target.DEVICE);
    assertThat(sent)
        .containsExactly(
            new Bus.Dispatch.Shared(
                Target.DEVICE, there.group().messageGroup(), job.id(), there.generation(), 0));
  }

  @Test
  void whatIsDecidedIsLoggedWithWhatItWasDecidedOn() {
    Job job = Fixtures.queuedForAny(world, 1, 1, Map.of()).get(0);
    dispatcher.tick(Target.DEVICE);
    dispatcher.tick(Target.DEVICE);
    assertThat(logged).hasSize(2);
    Decided.Taken transferred = logged.get(0).decisions().get(0);
    assertThat(transferred.how()).isEqualTo(Decided.How.TRANSFERRED);
    assertThat(transferred.jobId()).isEqualTo(job.id());
    assertThat(transferred.from()).isEqualTo(Target.EMULATOR);
    assertThat(logged.get(1).decisions())
        .extracting(Decided.Taken::how)
        .containsExactly(Decided.How.SHARED);
    assertThat(logged).allSatisfy(tick -> assertThat(tick.again()).isEqualTo(tick));
  }

  @Test
  void aTickThatDecidesNothingIsNotLogged() {
    Fixtures.queued(world, 1, 1);
    dispatcher.tick(Target.DEVICE);
    assertThat(logged).isEmpty();
  }

  @Test
  void noMoreJobsRunThanThereIsOfWhatTheyUse() {
    world.resource(Fixtures.ORG, "account", 1);
    Fixtures.slots(world, "w1", "s1", "s2", "s3");
    List<Job> jobs = Fixtures.queuedWith(world, 1, 3, "account");
    assertThat(dispatcher.tick(Target.EMULATOR).released()).isEqualTo(1);
    assertThat(dispatcher.tick(Target.EMULATOR).released()).isZero();
    Job first =
        jobs.stream().filter(job -> !Fixtures.now(world, job).unpublished()).findFirst().get();
    Fixtures.replace(
        world,
        Fixtures.now(world, first),
        ended(Fixtures.now(world, first)),
        JobStore.LeaseGuard.ANY);
    assertThat(dispatcher.tick(Target.EMULATOR).released()).isEqualTo(1);
  }

  private Job ended(Job job) {
    return ((Transition.Next)
            JobMachine.apply(job, new JobEvent.Cancelled("a test"), world.store().now()))
        .job();
  }

  @Test
  void moreThanATickLooksAtIsLookedAtByTheNextOneAtOnce() {
    Fixtures.slots(
        world, "w1", IntStream.range(0, 600).mapToObj(i -> "s" + i).toArray(String[]::new));
    Fixtures.queued(world, 1, 600);
    // the others hold something, so that the broker does not choose the first slot
    assertThat(dispatcher.tick(Target.EMULATOR).released()).isEqualTo(1);
    assertThat(woken).doesNotContain(Target.EMULATOR);
    installedEverywhere();
    assertThat(dispatcher.tick(Target.EMULATOR).released()).isEqualTo(Heads.MOST);
    assertThat(woken).contains(Target.EMULATOR);
    woken.clear();
    assertThat(dispatcher.tick(Target.EMULATOR).released()).isEqualTo(600 - 1 - Heads.MOST);
    assertThat(woken).doesNotContain(Target.EMULATOR);
  }

  private void installedEverywhere() {
    for (Slot slot : world.store().slots()) {
      world
          .store()
          .saveSlot(
              new Slot(
                  slot.id(),
                  slot.workerId(),
                  slot.target(),
                  slot.udid(),
                  slot.capabilities(),
                  Map.of(Fixtures.PACKAGE, Fixtures.sha(1)),
                  true,
                  slot.attachment(),
                  slot.lastBeatAt()));
    }
  }

  @Test
  void aSlotThatIsHeldGetsNothingAndTheBrokerDoesNotChooseIt() {
    Fixtures.slots(world, "w1", "s1", "s2");
    Job job = Fixtures.queued(world, 1, 1).get(0);
    world.store().hold(new Hold("s1", world.store().now().plusSeconds(3600), "mine", "tok_1"));
    dispatcher.tick(Target.EMULATOR);
    assertThat(sent)
        .containsExactly(new Bus.Dispatch.HandOff("w1", "s2", job.id(), job.generation(), 0));
  }

  @Test
  void whatIsForEmulatorsAloneStays() {
    Job job = Fixtures.queued(world, 1, 1).get(0);
    assertThat(dispatcher.tick(Target.DEVICE).moved()).isZero();
    assertThat(Fixtures.now(world, job)).isEqualTo(job);
  }

  @Test
  void aTickSaysWhenWaitingWorkMayCostAnInstall() {
    Fixtures.slots(world, "w1", "s1", "s2");
    Fixtures.queued(world, 1, 40);
    dispatcher.tick(Target.EMULATOR);
    assertThat(due.get(Target.EMULATOR))
        .isPositive()
        .isLessThanOrEqualTo(BoardStore.DEFAULT_SET_UP.dividedBy(Placement.SETTLING));
  }

  @Test
  void aTickSaysThatItsWorkWaitsForWhatOthersUse() {
    Fixtures.slots(world, "w1", "s1", "s2");
    Fixtures.queued(world, 1, 2);
    assertThat(dispatcher.tick(Target.EMULATOR).awaitsOthers()).isFalse();
    world.resource(Fixtures.ORG, "account", 1);
    Fixtures.queuedWith(world, 2, 2, "account");
    dispatcher.tick(Target.EMULATOR);
    assertThat(dispatcher.tick(Target.EMULATOR).awaitsOthers()).isTrue();
  }
}
