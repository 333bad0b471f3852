package dev.qgjob.domain.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What placement makes of what should not be. */
final class BadInputTest {
  private static final Instant NOW = Instant.parse("2026-03-01T09:00:00Z");

  private static Board.SlotLoad slot(String id, long attachment) {
    return new Board.SlotLoad(
        new Slot(
            id,
            "w1",
            Target.EMULATOR,
            id,
            Map.of("model", "Pixel 7"),
            Map.of(),
            true,
            attachment,
            NOW),
        0);
  }

  private static Board.WaitingGroup group(
      String org, String version, int queued, Duration run, Duration setUp, Board.Need... needs) {
    GroupKey key = new GroupKey(org, version, 1, Target.EMULATOR);
    List<Job> heads = new ArrayList<>();
    Map<String, Board.Need> known = new HashMap<>();
    for (int i = 0; i < Math.min(queued, 8); i++) {
      Job job = Job.queued(org + version + i, "r", key, i + ".js", 0, 0, NOW.minusSeconds(600));
      heads.add(job);
      if (i < needs.length) {
        known.put(job.id(), needs[i]);
      }
    }
    return new Board.WaitingGroup(
        key,
        0,
        null,
        null,
        "app",
        "sha-" + version,
        queued,
        Set.of(),
        heads,
        List.of(),
        run,
        setUp,
        run.multipliedBy(queued),
        run,
        known);
  }

  private static Board.Need need(Duration forecast, Map<String, String> device) {
    return new Board.Need(forecast, device);
  }

  private static List<Decision> decide(
      List<Board.WaitingGroup> groups, Map<String, Board.Share> orgs, Board.SlotLoad... slots) {
    return Placement.decide(
        new Board(Target.EMULATOR, NOW, groups, List.of(slots), Set.of(), orgs, Board.NO_CAP));
  }

  @Test
  void wildForecastsStopNobody() {
    Duration run = Duration.ofSeconds(20);
    Board.WaitingGroup wild =
        group(
            "acme",
            "1",
            6,
            run,
            Duration.ofSeconds(30),
            need(Duration.ofSeconds(-5), Map.of()),
            need(Duration.ofDays(90_000), Map.of()),
            need(Duration.ZERO, Map.of()));
    Board.WaitingGroup sane = group("globex", "2", 6, run, Duration.ofSeconds(30));
    List<Decision> decisions =
        decide(List.of(wild, sane), Map.of(), slot("s1", 1), slot("s2", 1), slot("s3", 1));
    assertThat(decisions).extracting(d -> d.job().group().orgId()).contains("acme", "globex");
    assertThat(need(Duration.ofSeconds(-5), Map.of()).forecast()).isZero();
  }

  @Test
  void noTimeAtAllIsATime() {
    Board.WaitingGroup free = group("acme", "1", 3, Duration.ZERO, Duration.ZERO);
    assertThat(decide(List.of(free), Map.of(), slot("s1", 1), slot("s2", 1))).isNotEmpty();
  }

  @Test
  void aVersionOfAHundredThousandJobsIsSpreadAndLeavesTheOthersTheirPart() {
    Duration run = Duration.ofSeconds(20);
    Duration setUp = Duration.ofSeconds(30);
    List<Board.WaitingGroup> groups =
        List.of(group("acme", "1", 100_000, run, setUp), group("globex", "2", 40, run, setUp));
    Board.SlotLoad[] slots = new Board.SlotLoad[8];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = slot("s" + i, 1);
    }
    List<Decision> decisions = decide(groups, Map.of(), slots);
    assertThat(decisions).filteredOn(d -> d.job().group().orgId().equals("acme")).hasSize(4);
    assertThat(decisions).filteredOn(d -> d.job().group().orgId().equals("globex")).isNotEmpty();
  }

  @Test
  void aWishThatNothingServesHoldsUpNobody() {
    Duration run = Duration.ofSeconds(20);
    Board.Need unheard = need(run, Map.of("model", "Pixel 99"));
    Board.WaitingGroup wishing = group("acme", "1", 2, run, run, unheard, unheard);
    Board.WaitingGroup plain = group("acme", "2", 2, run, run);
    List<Decision> decisions = decide(List.of(wishing, plain), Map.of(), slot("s1", 1));
    assertThat(decisions)
        .singleElement()
        .satisfies(d -> assertThat(d.job().group().appVersionId()).isEqualTo("2"));
    assertThat(decide(List.of(wishing), Map.of(), slot("s1", 1))).isEmpty();
  }

  @Test
  void weightZeroAloneGetsEverything() {
    Duration run = Duration.ofSeconds(20);
    Map<String, Board.Share> guest =
        Map.of("guest", new Board.Share(0, Board.NO_CAP, Duration.ofHours(3)));
    assertThat(decide(List.of(group("guest", "1", 4, run, run)), guest, slot("s1", 1))).hasSize(1);
    assertThatThrownBy(() -> new Board.Share(-1, 1, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Board.Share(Double.NaN, 1, null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aBatchOnASlotCountsOnceForTheTargetsCap() {
    Duration run = Duration.ofSeconds(20);
    Board.SlotLoad batch = new Board.SlotLoad(slot("s1", 1).slot(), 16, Duration.ofSeconds(90));
    List<Board.WaitingGroup> groups = List.of(group("acme", "1", 6, run, run));
    List<Board.SlotLoad> slots = List.of(batch, slot("s2", 1));
    assertThat(
            Placement.decide(new Board(Target.EMULATOR, NOW, groups, slots, Set.of(), Map.of(), 2)))
        .hasSize(1);
    assertThat(
            Placement.decide(new Board(Target.EMULATOR, NOW, groups, slots, Set.of(), Map.of(), 1)))
        .isEmpty();
  }

  @Test
  void aPinOfAnEarlierAttachmentIsNotTrusted() {
    GroupKey key = new GroupKey("acme", "1", 1, Target.EMULATOR);
    Job job = Job.queued("j", "r", key, "a.js", 0, 0, NOW.minusSeconds(600));
    Board.WaitingGroup pinned =
        new Board.WaitingGroup(
            key,
            0,
            "s1",
            3L,
            "app",
            "sha",
            1,
            Set.of(),
            List.of(job),
            List.of(),
            Duration.ofSeconds(20),
            Duration.ofSeconds(30));
    assertThat(decide(List.of(pinned), Map.of(), slot("s1", 3)))
        .containsExactly(new Decision.Share(job));
    assertThat(decide(List.of(pinned), Map.of(), slot("s1", 4)))
        .as("the slot went away and came back")
        .containsExactly(new Decision.HandOff(job, "w1", "s1"));
    assertThat(decide(List.of(pinned), Map.of())).as("it is away").isEmpty();
  }
}
