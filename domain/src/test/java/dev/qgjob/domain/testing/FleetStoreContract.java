package dev.qgjob.domain.testing;

import static dev.qgjob.domain.testing.Typed.list;
import static dev.qgjob.domain.testing.Typed.map;
import static dev.qgjob.domain.testing.Typed.opt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.fleet.Hold;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.fleet.Worker;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.lease.JobStore.LeaseGuard;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every {@link dev.qgjob.domain.fleet.FleetStore} promises. */
public interface FleetStoreContract {
  Duration LEASE = Duration.ofHours(1);

  World world();

  @Test
  default void anEnrolledWorkerIsThereAndHasNotBeaten() {
    world().worker("w1");
    Worker worker = world().in(s -> s.fleet().worker("w1").orElseThrow());
    assertThat(worker.incarnation()).isZero();
    assertThat(worker.lastBeatAt()).isNull();
    assertThat(opt(world().in(s -> s.fleet().worker("w2")))).isEmpty();
    assertThat(opt(world().in(s -> s.fleet().lockWorker("w1")))).contains(worker);
  }

  @Test
  default void aSlotComesBackAsItWasSaved() {
    world().worker("w1");
    Instant now = world().in(s -> s.fleet().now());
    Slot slot =
        new Slot(
            "s1",
            "w1",
            Target.DEVICE,
            "udid",
            Map.of("model", "Pixel 8"),
            Map.of("com.acme.app", "a".repeat(64)),
            true,
            3,
            now);
    save(slot);
    assertThat(opt(world().in(s -> s.fleet().slot("s1")))).contains(slot);
    Slot changed = new Slot("s1", "w1", Target.DEVICE, "udid", Map.of(), Map.of(), false, 4, now);
    save(changed);
    assertThat(list(world().in(s -> s.fleet().slotsOf("w1")))).containsExactly(changed);
    assertThat(list(world().in(s -> s.fleet().slots()))).containsExactly(changed);
    world()
        .in(
            s -> {
              s.fleet().removeSlot("s1");
              return null;
            });
    assertThat(opt(world().in(s -> s.fleet().slot("s1")))).isEmpty();
  }

  @Test
  default void aBeatReachesAWorkerAndItsSlotsAndNobodyElse() {
    world().worker("w1");
    world().worker("w2");
    Fixtures.slots(world(), "w1", "s1", "s2");
    Fixtures.slots(world(), "w2", "s3");
    Slot other = world().in(s -> s.fleet().slot("s3").orElseThrow());
    Instant later = world().in(s -> s.fleet().now()).plusSeconds(7);
    world()
        .in(
            s -> {
              s.fleet().beaten("w1", later);
              return null;
            });
    assertThat(world().in(s -> s.fleet().worker("w1").orElseThrow()).lastBeatAt()).isEqualTo(later);
    assertThat(list(world().in(s -> s.fleet().slotsOf("w1"))))
        .allMatch(s -> s.lastBeatAt().equals(later));
    assertThat(opt(world().in(s -> s.fleet().slot("s3")))).contains(other);
  }

  @Test
  default void ofTheLiveSlotsThoseThatNobodyHoldsAreCounted() {
    world().worker("w1");
    Fixtures.slots(world(), "w1", "s1", "s2", "s3");
    Instant now = world().in(s -> s.fleet().now());
    Map<String, String> none = Map.of();
    save(new Slot("away", "w1", Target.EMULATOR, "u4", none, none, false, 1, now));
    save(Fixtures.slot("silent", "w1", now.minus(LEASE)));
    save(new Slot("other", "w1", Target.DEVICE, "u6", none, none, true, 1, now));
    assertThat(liveSlots(Target.EMULATOR)).isEqualTo(3);
    assertThat(liveSlots(Target.DEVICE)).isEqualTo(1);
    hold("s1", now.plus(LEASE));
    hold("away", now.plus(LEASE));
    hold("other", now.plus(LEASE));
    assertThat(liveSlots(Target.EMULATOR)).isEqualTo(2);
    assertThat(liveSlots(Target.DEVICE)).isZero();
    hold("s1", now.minusSeconds(1));
    assertThat(liveSlots(Target.EMULATOR)).as("a hold that has ended").isEqualTo(3);
  }

  private int liveSlots(Target target) {
    return world().in(s -> s.fleet().liveSlots(target, LEASE));
  }

  private void hold(String slotId, Instant until) {
    world()
        .in(
            s -> {
              s.fleet().hold(new Hold(slotId, until, "mine", "tok_1"));
              return null;
            });
  }

  private void save(Slot slot) {
    world()
        .in(
            s -> {
              s.fleet().saveSlot(slot);
              return null;
            });
  }

  @Test
  default void whatRunsWhereIsKnown() {
    world().org(Fixtures.ORG);
    world().worker("w1");
    Fixtures.slots(world(), "w1", "s1", "s2");
    Job job = Fixtures.queued(world(), 1, 1).get(0);
    Instant until = world().in(s -> s.jobs().now()).plusSeconds(60);
    Job running = Fixtures.running(job, Fixtures.lease("token-1", "s1", until));
    Fixtures.replace(world(), job, running, LeaseGuard.ANY);
    assertThat(map(world().in(s -> s.fleet().running()))).isEqualTo(Map.of("s1", job.id()));
  }
}
