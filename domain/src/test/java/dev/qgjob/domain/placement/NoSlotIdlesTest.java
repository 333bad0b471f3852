package dev.qgjob.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobEvent;
import dev.qgjob.domain.job.JobMachine;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Slots that others cannot use are not kept from those who can. */
class NoSlotIdlesTest {
  private static final Instant SUBMITTED = Instant.parse("2026-03-01T09:00:00Z");
  private static final Instant NOW = SUBMITTED.plusSeconds(60);
  private static final Duration RUN = Duration.ofSeconds(20);
  private static final Duration INSTALL = Duration.ofSeconds(30);

  private final List<Board.SlotLoad> slots = new ArrayList<>();
  private final List<Board.WaitingGroup> groups = new ArrayList<>();
  private final Map<String, Board.Share> orgs = new HashMap<>();
  private final Map<String, Integer> left = new HashMap<>();

  private void slots(int count, Map<String, String> capabilities, Map<String, String> holds) {
    for (int i = 0; i < count; i++) {
      slots.add(new Board.SlotLoad(slot("s" + slots.size(), capabilities, holds), 0));
    }
  }

  private void busy(Duration busyFor, Map<String, String> holds) {
    slots.add(new Board.SlotLoad(slot("s" + slots.size(), Map.of(), holds), 1, busyFor));
  }

  private void held(Duration time) {
    Slot slot = slot("s" + slots.size(), Map.of(), Map.of());
    slots.add(new Board.SlotLoad(slot, 0).heldFor(time));
  }

  private static Slot slot(String id, Map<String, String> capabilities, Map<String, String> holds) {
    return new Slot(id, "w-" + id, Target.EMULATOR, id, capabilities, holds, true, 1, NOW);
  }

  private static List<Job> jobs(String org, int count) {
    List<Job> jobs = new ArrayList<>();
    GroupKey key = new GroupKey(org, "1.0", 1, Target.EMULATOR);
    for (int i = 0; i < count; i++) {
      jobs.add(Job.queued(org + "-" + i, "r-" + org, key, i + ".spec.js", 0, 0, SUBMITTED));
    }
    return jobs;
  }

  private void group(String org, int orgRunning, Set<String> runningOn, List<Job> jobs) {
    group(org, orgRunning, runningOn, jobs, new Board.Need(RUN, Map.of()));
  }

  private void group(
      String org, int orgRunning, Set<String> runningOn, List<Job> jobs, Board.Need need) {
    Map<String, Board.Need> needs = new HashMap<>();
    jobs.forEach(job -> needs.put(job.id(), need));
    groups.add(
        new Board.WaitingGroup(
            jobs.get(0).group(),
            orgRunning,
            null,
            null,
            "com." + org,
            "sha-" + org,
            jobs.size(),
            runningOn,
            jobs,
            List.of(),
            RUN,
            INSTALL,
            RUN.multipliedBy(jobs.size()),
            RUN,
            needs));
  }

  private Set<String> given(String org) {
    Set<String> to = new HashSet<>();
    for (Decision decision :
        Placement.decide(
            new Board(Target.EMULATOR, NOW, groups, slots, Set.of(), orgs, Board.NO_CAP, left))) {
      if (decision.job().group().orgId().equals(org)) {
        to.add(decision instanceof Decision.HandOff handOff ? handOff.slotId() : "the broker's");
      }
    }
    return to;
  }

  @Test
  void aSlotThatSomebodyHoldsForHoursStopsNoSplit() {
    slots(9, Map.of(), Map.of("com.other", "sha"));
    held(Duration.ofDays(7));
    group("acme", 0, Set.of(), jobs("acme", 200));
    assertThat(given("acme")).hasSize(9);
  }

  @Test
  void aSlotThatIsBusyForLongStopsNoSplit() {
    slots(9, Map.of(), Map.of("com.other", "sha"));
    busy(Duration.ofHours(1), Map.of());
    group("acme", 0, Set.of(), jobs("acme", 200));
    assertThat(given("acme")).hasSize(9);
  }

  @Test
  void anOrgAtItsCapLeavesItsPartToTheOthers() {
    busy(Duration.ofSeconds(10), Map.of("com.capped", "sha-capped"));
    slots(9, Map.of(), Map.of());
    orgs.put("capped", new Board.Share(1, 1, null));
    group("capped", 1, Set.of("s0"), jobs("capped", 500));
    group("acme", 0, Set.of(), jobs("acme", 200));
    assertThat(given("acme")).hasSize(9);
  }

  @Test
  void whatWaitsForAResourceTakesNoPart() {
    slots(10, Map.of(), Map.of());
    left.put("stuck/account", 0);
    group(
        "stuck",
        0,
        Set.of(),
        jobs("stuck", 500),
        new Board.Need(RUN, Map.of(), Set.of("stuck/account")));
    group("acme", 0, Set.of(), jobs("acme", 200));
    assertThat(given("acme")).hasSize(10);
  }

  @Test
  void noSlotIsKeptForAnOrgThatGetsNothingMore() {
    Map<String, String> holds = Map.of("com.capped", "sha-capped");
    busy(Duration.ofSeconds(10), holds);
    slots(9, Map.of(), holds);
    orgs.put("capped", new Board.Share(1, 1, Duration.ZERO));
    orgs.put("acme", new Board.Share(1, Board.NO_CAP, Duration.ofHours(1)));
    group("capped", 1, Set.of("s0"), jobs("capped", 500));
    group("acme", 0, Set.of(), jobs("acme", 200));
    assertThat(given("acme")).hasSize(9);
  }

  @Test
  void aJobThatBrokeOnTheOnlySlotAsWishedReturnsToIt() {
    Map<String, String> pixel = Map.of("model", "Pixel 8");
    slots(1, pixel, Map.of());
    slots(1, Map.of("model", "Galaxy S24"), Map.of());
    Job job = jobs("acme", 1).get(0);
    Job running = next(job, new JobEvent.Claimed(1, new Lease("t", "s0", "w-s0", 1, NOW)));
    Job broken = next(running, new JobEvent.LeaseLost(1, "gone"));
    group("acme", 0, Set.of(), List.of(broken), new Board.Need(RUN, pixel));
    assertThat(given("acme")).containsExactly("s0");
  }

  private static Job next(Job job, JobEvent event) {
    return ((Transition.Next) JobMachine.apply(job, event, SUBMITTED)).job();
  }

  @Test
  void aWishAndAResourceAreNoReasonForAnotherInstall() {
    Map<String, String> pixel = Map.of("model", "Pixel 8");
    slots.add(
        new Board.SlotLoad(
            slot("s0", pixel, Map.of("com.acme", "sha-acme")), 1, Duration.ofSeconds(5)));
    slots(1, pixel, Map.of());
    Board.Need need = new Board.Need(RUN, pixel, Set.of("acme/account"));
    left.put("acme/account", 1);
    group("acme", 1, Set.of("s0"), jobs("acme", 2), need);
    assertThat(given("acme")).isEmpty();
  }
}
