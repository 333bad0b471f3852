package dev.qgjob.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.fleet.Compatibility;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TransfersTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final GroupKey EMULATORS = new GroupKey("acme", "1.0", 1, Target.EMULATOR);
  private static final GroupKey DEVICES = EMULATORS.on(Target.DEVICE);
  private static final Duration RUN = Duration.ofSeconds(20);
  private static final Duration INSTALL = Duration.ofSeconds(30);

  private final List<Board.SlotLoad> emulators = new ArrayList<>();
  private final List<Board.SlotLoad> devices = new ArrayList<>();
  private final List<Board.WaitingGroup> ofDevices = new ArrayList<>();
  private int waiting;
  private Map<String, String> wish = Map.of();
  private Duration price = Duration.ZERO;
  private Compatibility compatibility = Compatibility.ANY;
  private Board.Share share = Board.Share.EQUAL;
  private Board.@Nullable Share shareThere;
  private int cap = Board.NO_CAP;

  private static Board.SlotLoad slot(Target target, String id, int busyFor, String build) {
    Map<String, String> holds = build.isEmpty() ? Map.of() : Map.of("app", build);
    return new Board.SlotLoad(
        new Slot(id, "w-" + id, target, id, Map.of("model", id), holds, true, 1, NOW),
        busyFor > 0 ? 1 : 0,
        Duration.ofSeconds(busyFor));
  }

  private void emulator(int busyFor) {
    emulators.add(slot(Target.EMULATOR, "e" + emulators.size(), busyFor, "sha"));
  }

  private void device(int busyFor, String build) {
    devices.add(slot(Target.DEVICE, "d" + devices.size(), busyFor, build));
  }

  private static List<Job> jobs(GroupKey group, int count, Instant submitted) {
    List<Job> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(Job.queued(group.target() + "-" + i, "r1", group, i + ".spec.js", 0, 0, submitted));
    }
    return jobs;
  }

  private static Board.WaitingGroup group(GroupKey key, String build, List<Job> jobs) {
    return new Board.WaitingGroup(
        key, 0, null, null, "app", build, jobs.size(), Set.of(), jobs, List.of(), RUN, INSTALL);
  }

  private List<Job> decide() {
    return decide(List.of());
  }

  private List<Job> decide(List<Decision> decided) {
    List<Job> jobs = jobs(EMULATORS, waiting, NOW.minusSeconds(60));
    Board there =
        new Board(
            Target.EMULATOR,
            NOW,
            List.of(group(EMULATORS, "sha", jobs)),
            emulators,
            Set.of(),
            shareThere == null ? Map.of() : Map.of("acme", shareThere),
            Board.NO_CAP);
    Board here =
        new Board(
            Target.DEVICE,
            NOW,
            ofDevices,
            devices,
            Set.of(),
            shareThere == null ? Map.of("acme", share) : Map.of(),
            cap);
    return Transfers.into(
        here,
        decided,
        new Transfers.Others(
            Map.of(Target.EMULATOR, there),
            jobs.stream()
                .map(
                    job ->
                        new Transfers.Candidate(
                            job, wish, "app", "sha", RUN, RUN, INSTALL, price, compatibility))
                .toList()));
  }

  @Test
  void anIdleSlotTakesAJobThatWouldStartLaterWhereItIs() {
    emulator(40);
    device(0, "");
    waiting = 1;
    assertThat(decide()).extracting(Job::id).containsExactly("EMULATOR-0");
  }

  @Test
  void whoHasUsedTheMinutesGoesOnToWhereverThereIsASlot() {
    device(0, "");
    Job job = jobs(EMULATORS.on(Target.BROWSERSTACK), 1, NOW.minusSeconds(60)).get(0);
    Minutes spent = new Minutes(1, Duration.ofMinutes(1), Minutes.resetAfter(NOW));
    for (Minutes minutes : Arrays.asList(null, spent)) {
      Board there =
          new Board(
              Target.BROWSERSTACK,
              NOW,
              List.of(group(job.group(), "sha", List.of(job))),
              List.of(slot(Target.BROWSERSTACK, "b1", 0, "")),
              Set.of(),
              Map.of(job.group().orgId(), new Board.Share(1, Board.NO_CAP, Duration.ZERO, minutes)),
              Board.NO_CAP);
      assertThat(
              Transfers.into(
                  new Board(Target.DEVICE, NOW, List.of(), devices, Set.of()),
                  List.of(),
                  new Transfers.Others(
                      Map.of(Target.BROWSERSTACK, there),
                      List.of(
                          new Transfers.Candidate(
                              job, Map.of(), "app", "sha", RUN, RUN, INSTALL, Duration.ZERO)))))
          .hasSize(minutes == null ? 0 : 1);
    }
  }

  @Test
  void anInstallThatTakesLongerThanTheWaitIsNotWorthIt() {
    emulator(29);
    device(0, "");
    waiting = 1;
    assertThat(decide()).isEmpty();
  }

  @Test
  void aSlotThatHoldsTheBuildNeedsNoInstall() {
    emulator(5);
    device(0, "");
    device(0, "sha");
    waiting = 1;
    assertThat(decide()).hasSize(1);
  }

  @Test
  void itIsNotWorthItsPrice() {
    emulator(40);
    device(0, "sha");
    waiting = 1;
    price = Duration.ofSeconds(41);
    assertThat(decide()).isEmpty();
    price = Duration.ofSeconds(39);
    assertThat(decide()).hasSize(1);
  }

  @Test
  void aLongQueueIsSharedUntilTheWaitsAreAlike() {
    emulator(10);
    device(0, "sha");
    waiting = 40;
    // 800 s of work: with d of them there, (40 - d - 1)·20 + 10 against d·20
    assertThat(decide()).hasSizeBetween(15, 20);
  }

  @Test
  void aQueueThatIsALittleShorterIsNoReason() {
    emulator(60);
    device(35, "sha");
    waiting = 1;
    assertThat(decide()).isEmpty();
    emulators.clear();
    emulator(100);
    assertThat(decide()).hasSize(1);
  }

  @Test
  void whereNoSlotIsLeftAnyQueueIsBetter() {
    device(500, "");
    waiting = 2;
    assertThat(decide()).hasSize(2);
  }

  @Test
  void nothingGoesWhereNobodyIs() {
    emulator(500);
    waiting = 5;
    assertThat(decide()).isEmpty();
  }

  @Test
  void aWishIsKept() {
    emulator(500);
    device(0, "sha");
    waiting = 1;
    wish = Map.of("model", "d1");
    assertThat(decide()).isEmpty();
    device(0, "");
    assertThat(decide()).hasSize(1);
  }

  @Test
  void aSlotThatIsAboutToBeUsedIsNotIdle() {
    emulator(25);
    device(0, "sha");
    waiting = 1;
    Job own = jobs(DEVICES, 1, NOW.minusSeconds(60)).get(0);
    ofDevices.add(group(DEVICES, "sha", List.of(own)));
    assertThat(decide(List.of(new Decision.HandOff(own, "w-d0", "d0")))).isEmpty();
    assertThat(decide(List.of(new Decision.Share(own)))).isEmpty();
  }

  @Test
  void ownWorkThatIsNewGoesFirst() {
    emulator(25);
    device(0, "sha");
    waiting = 1;
    ofDevices.add(group(DEVICES, "other", jobs(DEVICES, 1, NOW.minusSeconds(1))));
    assertThat(decide()).isEmpty();
  }

  @Test
  void onlyASlotThatCanHaveTheBuildCounts() {
    emulator(500);
    device(0, "sha");
    waiting = 1;
    Set<String> arm = Set.of("arm64-v8a");
    compatibility = new Compatibility(List.of(new Compatibility.Demand(arm, 0)), List.of());
    devices.set(0, abis(devices.get(0), "x86"));
    assertThat(decide()).isEmpty();
    devices.set(0, abis(devices.get(0), "x86,arm64-v8a"));
    assertThat(decide()).hasSize(1);
  }

  private static Board.SlotLoad abis(Board.SlotLoad load, String abis) {
    Slot slot = load.slot();
    return new Board.SlotLoad(
        new Slot(
            slot.id(),
            slot.workerId(),
            slot.target(),
            slot.udid(),
            Map.of(Compatibility.ABIS, abis),
            slot.holds(),
            true,
            1,
            NOW),
        load.running(),
        load.busyFor());
  }

  @Test
  void anOrgAtItsCapThereStaysWhereItIs() {
    emulator(500);
    device(0, "sha");
    device(0, "sha");
    waiting = 5;
    share = new Board.Share(1, 1, null);
    assertThat(decide()).hasSize(1);
    share = new Board.Share(1, 0, null);
    assertThat(decide()).isEmpty();
  }

  @Test
  void theCapOfAnOrgThatHasNothingWaitingThereCounts() {
    emulator(500);
    device(0, "sha");
    device(0, "sha");
    devices.add(slot(Target.DEVICE, "d9", 50, "sha").of("acme"));
    waiting = 5;
    shareThere = new Board.Share(1, 2, null);
    assertThat(decide()).hasSize(1);
  }

  @Test
  void aTargetAtItsCapTakesNothing() {
    emulator(500);
    device(0, "sha");
    device(50, "sha");
    waiting = 5;
    cap = 1;
    assertThat(decide()).isEmpty();
    cap = 2;
    assertThat(decide()).hasSize(1);
  }
}
